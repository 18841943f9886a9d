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

  // On a narrow screen the facets start closed; the address of a one-time link leaves the history.
  if (matchMedia("(max-width: 760px)").matches) {
    document.querySelectorAll("details[data-close-narrow]").forEach((each) => { each.open = false; });
  }
  if (location.pathname === "/sign-in" && location.search.includes("token=")) {
    history.replaceState(null, "", "/sign-in");
  }
})();
