// Keys and small comforts. Every page works without this file.
"use strict";

(() => {
  const places = { h: "/", s: "/search", n: "/networks", r: "/runs" };
  let awaitsPlace = 0;

  const isTyping = (target) =>
    target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;

  const rows = () => [...document.querySelectorAll("[data-row]")];

  const moveTo = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.contains(document.activeElement) || row.classList.contains("is-current"));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    all.forEach((row) => row.classList.toggle("is-current", row === next));
    const link = next.querySelector("a");
    if (link) link.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  const openCurrent = () => {
    const row = rows().find((each) => each.classList.contains("is-current"));
    const link = row && row.querySelector("a");
    if (link) link.click();
  };

  const close = () => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    if (isTyping(document.activeElement)) document.activeElement.blur();
    rows().forEach((row) => row.classList.remove("is-current"));
  };

  const actions = {
    "/": () => {
      const box = document.getElementById("q");
      if (box) { box.focus(); box.select(); }
    },
    "?": () => location.assign("/help#keys"),
    j: () => moveTo(1),
    k: () => moveTo(-1),
    o: openCurrent,
    g: () => { awaitsPlace = Date.now(); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { close(); return; }
    if (isTyping(event.target)) return;
    const isPlace = Date.now() - awaitsPlace < 1500 && event.key in places;
    awaitsPlace = 0;
    if (isPlace) {
      event.preventDefault();
      location.assign(places[event.key]);
    } else if (Object.hasOwn(actions, event.key)) {
      event.preventDefault();
      actions[event.key]();
    }
  });

  // A query goes on with a field's name, or with a value of a field that holds few.
  const NAME = /(?:^|[\s(])-?([a-z_]{2,})$/i;
  const VALUE = /(?:^|[\s(])-?([a-z_]+):("[^"]*|[^\s()"]*)$/i;

  const ask = async (address, signal) => {
    const answer = await fetch(address, { signal });
    return answer.ok ? answer.json() : [];
  };

  const offer = (box) => {
    const list = document.createElement("ul");
    let names = null, asked = null, field = "", shown = [], start = 0, at = -1;
    list.id = `${box.id}-offered`;
    list.className = "offered";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "How the query may go on");
    list.hidden = true;
    box.after(list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id]]) {
      box.setAttribute(name, value);
    }

    const mark = (number) => {
      at = number;
      [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
      if (at >= 0) {
        box.setAttribute("aria-activedescendant", list.children[at].id);
        list.children[at].scrollIntoView({ block: "nearest" });
      } else box.removeAttribute("aria-activedescendant");
    };

    const show = (found, from) => {
      const marked = at >= 0 ? shown[at].text : null;
      [shown, start] = [found, from];
      list.replaceChildren(...found.map((each, index) => {
        const item = document.createElement("li"), text = document.createElement("span");
        const about = document.createElement("span");
        [item.id, text.textContent, about.textContent] = [`${list.id}-${index}`, each.text, each.help || each.count || ""];
        item.setAttribute("role", "option");
        about.className = "muted";
        item.append(text, about);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(index); });
        return item;
      }));
      list.hidden = !found.length;
      box.setAttribute("aria-expanded", String(!list.hidden));
      mark(found.findIndex((each) => each.text === marked));
    };

    const take = (index) => {
      const { text } = shown[index], end = box.selectionStart;
      const added = text.endsWith(":") ? text : `${text} `;
      box.setRangeText(added, start, end, "end");
      box.focus();
      look();
    };

    const look = async () => {
      if (asked) asked.abort();
      asked = new AbortController();
      const { signal } = asked, before = box.value.slice(0, box.selectionStart);
      const line = box.closest("[data-line]"), chosen = line ? line.querySelector("[name=field]").value : "";
      const value = chosen ? [before, chosen, before] : VALUE.exec(before), name = value ? null : NAME.exec(before);
      const about = value ? value[1] : "";
      if (about !== field) show([], 0); // what is shown would not fit, and a key could take it
      field = about;
      try {
        if (value) {
          const params = new URLSearchParams({ about: box.dataset.suggest, field: value[1], start: value[2].replace('"', "") });
          const from = before.length - value[1].length - 1 - value[2].length;
          const found = await ask(`/search/suggest.json?${params}`, signal);
          if (chosen) show(found.map((each) => ({ ...each, text: each.text.slice(chosen.length + 1) })), 0);
          else show(found, from);
        } else if (name) {
          names = names || await ask(`/search/suggest.json?about=${box.dataset.suggest}`, signal);
          const typed = name[1].toLowerCase();
          if (!signal.aborted) show(names.filter((each) => each.text.startsWith(typed)).slice(0, 8), before.length - typed.length);
        } else show([], 0);
      } catch (error) {
        if (error.name !== "AbortError") show([], 0);
      }
    };

    box.addEventListener("input", look);
    box.addEventListener("blur", () => show([], 0));
    box.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) mark((at + step + shown.length + (at < 0 && step < 0 ? 1 : 0)) % shown.length);
      else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) take(at);
      else if (event.key === "Escape") { event.stopPropagation(); show([], 0); } else return;
      event.preventDefault();
    });
  };

  document.querySelectorAll("[data-suggest]").forEach(offer);

  // What is shown as 07700 900 123 goes to the clipboard as +447700900123.
  document.addEventListener("copy", (event) => {
    const selection = document.getSelection();
    const node = selection && selection.anchorNode;
    const holder = node && (node instanceof Element ? node : node.parentElement);
    const source = holder && holder.closest("[data-copy]");
    if (!source || !source.contains(selection.focusNode)) return;
    const shown = source.textContent.trim();
    if (selection.toString().trim() && shown.endsWith(selection.toString().trim())) {
      event.clipboardData.setData("text/plain", source.dataset.copy);
      event.preventDefault();
    }
  });

  // On a narrow screen a row is a block, each of its cells behind the heading of its column.
  document.querySelectorAll(".scroll table:not(.slim, .runs)").forEach((table) => {
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
    table.classList.toggle("labelled", heads.length > 0);
    table.querySelectorAll("tbody tr").forEach((row) => {
      let column = 0;
      [...row.cells].forEach((cell) => {
        cell.dataset.label = heads[column] || "";
        column += cell.colSpan;
      });
    });
  });

  // On a narrow screen the facets start closed; the address of a one-time link leaves the history.
  if (matchMedia("(max-width: 760px)").matches) {
    document.querySelectorAll("details[data-close-narrow]").forEach((each) => { each.open = false; });
  }
  if (location.pathname === "/sign-in" && location.search.includes("token=")) {
    history.replaceState(null, "", "/sign-in");
  }
})();
