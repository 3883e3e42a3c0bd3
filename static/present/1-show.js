// One slide at a time. Everything is in the page: after it is loaded, nothing is asked of the server any more.
"use strict";
const show = (() => {
  const root = document.documentElement;
  const words = document.body.dataset;
  const slides = [...document.querySelectorAll(".s")];
  const last = slides.length - 1;
  const watchers = []; // called after each step
  let at = 0;
  let typed = "";
  let asleep = 0;

  const say = (text) => {
    document.querySelector("[data-said]").textContent = text;
  };

  const render = () => {
    slides.forEach((slide, index) => slide.classList.toggle("on", index === at));
    document.querySelector(".bar [data-at]").textContent = `${at + 1} / ${slides.length}`;
    document.querySelector(".bar progress").value = at + 1;
    watchers.forEach((watcher) => watcher());
  };

  const go = (index) => {
    const target = Math.max(0, Math.min(last, index));
    const stays = target === at && index > last;
    at = target;
    root.classList.remove("black");
    history.replaceState(null, "", `#s-${at + 1}`);
    render();
    say(stays ? words.last : slides[at].getAttribute("aria-label"));
  };

  const dark = () => {
    const on = root.classList.toggle("black");
    watchers.forEach((watcher) => watcher());
    say(on ? words.black : slides[at].getAttribute("aria-label"));
  };

  const full = (view) => {
    const page = view.document;
    if (page.fullscreenElement) page.exitFullscreen();
    else page.documentElement.requestFullscreen?.().catch(() => {});
  };

  const help = () => document.querySelector("dialog").showModal();

  const commands = {
    next: () => go(at + 1),
    back: () => go(at - 1),
    dark,
    full: (view) => full(view),
    help: (view) => (view.focus(), view === window ? help() : null),
  };

  const keys = {
    ArrowRight: "next", ArrowDown: "next", PageDown: "next",
    ArrowLeft: "back", ArrowUp: "back", PageUp: "back", Backspace: "back",
  };
  const letters = { f: "full", s: "speak", b: "dark", ".": "dark", p: "pause", "?": "help" };

  const wait = (digit) => {
    typed = (typed + digit).slice(-3);
    say(`${words.goto} ${typed}`);
  };

  const special = (event) => {
    if (event.key === "Home") go(0);
    else if (event.key === "End") go(last);
    else if (event.key === "Enter") go(typed ? Number(typed) - 1 : at + 1);
    else if (event.key === " ") go(event.shiftKey ? at - 1 : at + 1);
    else if (event.key === "Escape" && root.classList.contains("black")) dark();
    else if (event.key === "Escape" && document.querySelector("body > .desk")) commands.hush(window);
    else return false;
    return true;
  };

  // The same keys in this window and in the speaker's. A control keeps Enter and Space; the notes keep their scrolling.
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const on = event.target.closest?.("button,a,summary,.said,.contents[open]");
    if (on && (event.key === "Enter" || event.key === " " || (on.matches(".said") && /^(Arrow|Page)/.test(event.key)))) return;
    if (/^\d$/.test(event.key)) return wait(event.key);
    const name = keys[event.key] || (words.keys !== "off" && letters[event.key.toLowerCase()]);
    if (name && commands[name]) commands[name](event.view);
    else if (!special(event)) return;
    typed = "";
    event.preventDefault();
  };

  const click = (event) => {
    const button = event.target.closest("[data-do]");
    if (button) commands[button.dataset.do]?.(event.view);
  };

  const listen = (page) => {
    page.addEventListener("keydown", press);
    page.addEventListener("click", click);
    page.querySelectorAll("[data-do]").forEach((button) => (button.hidden = false));
  };

  // A finger or a click on the slide: to the right goes on, the left quarter goes back, a swipe goes where it leads.
  const touch = (area) => {
    let from = null;
    area.addEventListener("pointerdown", (event) => (from = event.isPrimary && event.button === 0 ? event : null));
    area.addEventListener("pointerup", (event) => {
      if (!from || String(getSelection())) return;
      const [x, y] = [event.clientX - from.clientX, event.clientY - from.clientY];
      from = null;
      if (Math.abs(x) > 50 && Math.abs(x) > 1.5 * Math.abs(y)) go(at + (x < 0 ? 1 : -1));
      else if (Math.hypot(x, y) < 10) go(at + (event.clientX < innerWidth / 4 ? -1 : 1));
    });
  };

  const wake = () => {
    root.classList.add("awake");
    clearTimeout(asleep);
    asleep = setTimeout(() => root.classList.remove("awake"), 2500);
  };

  const start = () => {
    root.classList.add("live");
    document.querySelector(".bar progress").hidden = false;
    listen(document);
    touch(document.querySelector("main"));
    document.addEventListener("pointermove", wake);
    document.addEventListener("fullscreenchange", () => root.classList.toggle("full", Boolean(document.fullscreenElement)));
    const jump = () => go(Number(location.hash.replace("#s-", "") || 1) - 1);
    addEventListener("hashchange", () => {
      document.querySelector(".contents").open = false;
      jump();
    });
    at = Math.max(0, Math.min(last, Number(location.hash.replace("#s-", "") || 1) - 1));
    render();
  };

  if (slides.length) start();
  return { slides, commands, watchers, listen, say, current: () => at };
})();
