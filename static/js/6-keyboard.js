// Keys. A link, button or summary declares its own with data-key="n" or, as a sequence, data-key="g p"; the first visible one answers.
// A list declares itself with data-list: its rows are walked with J and K, opened with Enter, ticked with X, looked at with Space;
// what else a key does to a row stands on the row's button, data-row-key="e".
(() => {
  "use strict";
  const SEQUENCE = 800; // ms between the keys of a sequence
  let prefix = "";
  let timer = 0;

  const seen = (element) => element.offsetParent !== null || getComputedStyle(element).position === "fixed";
  const find = (key) => [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(reachable);
  // The line of a closed menu is not visible, yet its key works.
  const reachable = (element) => seen(element) || seen(element.closest("details.menu") || element);
  const typing = (target) => target.closest("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]");
  const letters = () => document.body.dataset.keys !== "off";

  const act = (element) => {
    if (element.matches("input,textarea,select")) element.focus();
    else element.click();
    // A menu that was opened by its key: on its first choice.
    if (element.matches("summary")) element.parentElement.querySelector(".pop button,.pop a")?.focus();
  };

  const list = () => document.querySelector("[data-list]");
  const rows = () => [...list().querySelectorAll("[data-row]")];
  const current = () => list().querySelector("[data-row][data-current]");

  const main = (row) => row.querySelector("[data-main]") || row.querySelector("a[href]");

  const mark = (row) => {
    current()?.removeAttribute("data-current");
    row.dataset.current = "";
    row.scrollIntoView({ block: "nearest" });
  };
  const choose = (row) => {
    mark(row);
    main(row)?.focus({ preventScroll: true });
  };
  // The focus is nobody's: on the page itself, or on what has just gone with its row.
  const idle = () => !document.activeElement || document.activeElement === document.body;

  const walk = (step) => {
    const all = rows();
    const focused = all.findIndex((row) => row.contains(document.activeElement));
    const from = focused >= 0 ? focused : all.indexOf(current());
    const to = all[Math.max(0, Math.min(all.length - 1, from + step))];
    if (to) choose(to);
    // With the peek open, walking the list walks the peek.
    if (to && document.querySelector(".peek")) to.querySelector("[data-peek]")?.click();
  };

  const inList = {
    j: () => walk(1),
    k: () => walk(-1),
    x: () => current()?.querySelector(".pick")?.click(),
    " ": () => current()?.querySelector("[data-peek]")?.click(),
    Enter: () => current() && main(current())?.click(),
  };

  // A row's own keys: data-row-key="e" on one of its buttons. The list may come back without it: the next row takes over.
  let place = -1;
  const ofRow = (key) => current()?.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  document.addEventListener("htmx:afterSettle", () => {
    const all = place >= 0 && list() ? rows() : [];
    // Whoever went on to a button or a field meanwhile keeps it: the row is only marked.
    if (all.length && !current()) (idle() ? choose : mark)(all[Math.min(place, all.length - 1)]);
    place = -1;
  });

  const everywhere = {
    "/": () => document.querySelector("[data-search]")?.focus(),
    "?": () => document.querySelector("[data-help]")?.click(),
    f: () => document.querySelector("[data-filter]")?.click(),
    Escape: () => document.querySelector("[data-close]")?.click(),
  };

  const wait = (key) => {
    prefix = key;
    clearTimeout(timer);
    timer = setTimeout(() => {
      prefix = "";
      // «g» alone, where the page gives it a meaning besides starting a sequence.
      const alone = find(key);
      if (alone) act(alone);
    }, SEQUENCE);
  };

  const answer = (key) => {
    if (prefix) {
      const element = find(`${prefix} ${key}`);
      prefix = "";
      clearTimeout(timer);
      if (element) return act(element), true;
    }
    if (document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) return wait(key), true;
    const element = find(key);
    if (element) return act(element), true;
    if (list() && ofRow(key)) return (place = rows().indexOf(current())), act(ofRow(key)), true;
    if (list() && inList[key] && (current() || key === "j" || key === "k")) return inList[key](), true;
    if (everywhere[key]) return everywhere[key](), true;
    return false;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    // Escape gives up a form that says where its «cancel» is, else it leaves the field.
    const cancel = event.key === "Escape" && event.target.closest("form")?.querySelector("[data-cancel]");
    if (cancel) return cancel.click();
    if (event.key === "Escape" && typing(event.target)) return event.target.blur();
    if (typing(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key.length === 1 && key !== "?" && !letters()) return;
    // Enter and Space keep their meaning on what is focused, unless it is the row's own link.
    if ((key === "Enter" || key === " ") && event.target.closest("button,summary,input,a:not([data-row] a)")) return;
    if (key === "Enter" && event.target.closest("a")) return;
    // Arrows choose among radios, and walk an open list.
    if (key.startsWith("Arrow") && event.target.closest("input,summary")) return;
    if (answer(key)) event.preventDefault();
  });

  // The help sheet: rows for what this page has not are left out, the keys that the page declares are added.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "dialog") return;
    const sheet = event.target.querySelector(".keys");
    if (!sheet) return;
    for (const row of sheet.querySelectorAll("[data-needs]")) if (!document.querySelector(row.dataset.needs)) row.remove();
    const groups = sheet.querySelectorAll("[data-group]");
    if (!list()) groups[groups.length - 1].remove();
    for (const group of groups) if (!group.querySelector("dl > div")) group.remove();
    const place = sheet.querySelector("[data-group-page]");
    for (const element of document.querySelectorAll("[data-key]")) {
      if (element.dataset.key.includes(" ") || !reachable(element)) continue;
      const row = document.createElement("div");
      const label = document.createElement("dt");
      const key = document.createElement("dd");
      const cap = document.createElement("kbd");
      const words = element.cloneNode(true);
      words.querySelectorAll("kbd,.vh").forEach((part) => part.remove());
      label.textContent = element.dataset.keyLabel || element.getAttribute("aria-label") || words.textContent.trim();
      cap.textContent = element.dataset.keyCap || element.dataset.key.toUpperCase();
      key.append(cap);
      row.append(label, key);
      place.querySelector("dl").append(row);
      place.hidden = false;
    }
  });
})();
