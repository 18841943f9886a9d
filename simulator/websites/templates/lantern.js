"use strict";

const main = document.getElementById("main");
const more = document.getElementById("more");
const town = document.body.dataset.town;
const FIELDS = ["name", "age", "nationality", "location", "postcode", "category"];

function add(parent, tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

function addFact(list, field, value) {
  add(list, "dt", "", field);
  add(list, "dd", field, value);
}

function addCard(advert) {
  const card = add(main, "article", "card");
  card.dataset.ref = advert.ref;
  card.id = `advert-${advert.ref}`;
  add(card, "h2", "", advert.title);
  for (const image of advert.images) {
    const picture = add(card, "img");
    picture.alt = "";
    picture.loading = "lazy";
    picture.src = `/pictures/${image}.jpg`;
  }
  add(card, "p", "body", advert.body);
  const facts = add(card, "dl");
  for (const field of FIELDS) if (advert[field]) addFact(facts, field, advert[field]);
  for (const phone of advert.phones) addFact(facts, "phone", phone);
  for (const service of advert.services) addFact(facts, "service", service);
  addFact(facts, "account", advert.account);
  addFact(facts, "posted", advert.posted_at);
  for (const rate of advert.rates) {
    const row = add(card, "p", "rate");
    for (const field of ["duration", "price", "kind"]) if (rate[field]) { add(row, "span", field, rate[field]); row.append(" "); }
  }
}

function finish() {
  add(document.body, "p", "", "That is all.").id = "end";
}

async function ask(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function showTowns() {
  const { towns } = await ask("/api/towns");
  const list = add(main, "ul", "towns");
  for (const { slug, title, adverts } of towns) {
    const link = add(add(list, "li"), "a", "", `${title} (${adverts})`);
    link.href = `/town/${slug}`;
  }
  finish();
}

function showAdverts() {
  let page = 1;
  let busy = false;
  const watcher = new IntersectionObserver(async (entries) => {
    if (busy || !entries.some((entry) => entry.isIntersecting)) return;
    busy = true;
    const found = await ask(`/api/adverts?town=${encodeURIComponent(town)}&page=${page}`);
    found.adverts.forEach(addCard);
    page = found.next;
    watcher.unobserve(more);
    if (page === null) finish();
    else watcher.observe(more);
    busy = false;
  }, { rootMargin: "300px" });
  watcher.observe(more);
}

if (town) showAdverts();
else showTowns();
fetch("/api/stats").catch(() => undefined);
