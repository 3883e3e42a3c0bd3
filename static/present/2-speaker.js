// The speaker's view: the slide on screen, the next one, notes and time. It is filled from this page, without a request,
// so it opens without a network; it lives in a window of its own, or where that is blocked in place of the slide.
"use strict";
(() => {
  const root = document.documentElement;
  const template = document.getElementById("desk");
  if (!template || !show.slides.length) return;
  const KEPT = `present:${location.pathname}`;
  const times = { total: 0, parts: {}, paused: false, ...JSON.parse(sessionStorage.getItem(KEPT) || "{}") };
  let shelf = []; // fonts as bytes: [family, bytes, descriptors]
  let other = null; // the speaker's window
  let desks = []; // documents that show a desk
  let before = Date.now();

  const short = (milliseconds) => {
    const seconds = Math.floor(milliseconds / 1000);
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    const tail = String(seconds % 60).padStart(2, "0");
    return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
  };

  const put = (page, name, text) => {
    const place = page.querySelector(`.desk [data-${name}]`);
    if (place && place.textContent !== text) place.textContent = text;
  };

  const drawing = (page, slide) => (slide ? [page.importNode(slide.querySelector("svg"), true)] : []);

  const draw = (page) => {
    const [at, { slides }] = [show.current(), show];
    const desk = page.querySelector(".desk");
    desk.querySelector(".now").replaceChildren(...drawing(page, slides[at]));
    desk.querySelector(".then").replaceChildren(...drawing(page, slides[at + 1]));
    desk.querySelector("[data-after]").hidden = !slides[at + 1];
    const said = desk.querySelector(".said");
    const lines = [...slides[at].querySelectorAll(".notes p")].map((line) => page.importNode(line, true));
    said.replaceChildren(...(lines.length ? lines : [said.dataset.none]));
    said.scrollTop = 0;
    put(page, "at", `${at + 1} / ${slides.length}`);
    page.documentElement.classList.toggle("black", root.classList.contains("black"));
  };

  const clock = (page) => {
    const { part, minutes, name } = show.slides[show.current()].dataset;
    const spent = times.parts[part] || 0;
    const over = spent - minutes * 60000;
    put(page, "clock", new Date().toLocaleTimeString(root.lang, { hour: "2-digit", minute: "2-digit" }));
    put(page, "total", short(times.total));
    put(page, "part", name);
    put(page, "spent", short(spent));
    const planned = page.querySelector(".desk [data-planned]");
    put(page, "planned", `/ ${minutes}:00 ${planned.dataset.word}`);
    page.querySelector(".desk [data-over]").hidden = over <= 0;
    put(page, "over", `+${short(Math.max(over, 0))}`);
    page.querySelector('.desk [data-do="pause"]').setAttribute("aria-pressed", String(times.paused));
  };

  const tick = () => {
    const now = Date.now();
    const { part } = show.slides[show.current()].dataset;
    if (!times.paused) {
      times.total += now - before;
      times.parts[part] = (times.parts[part] || 0) + now - before;
    }
    before = now;
    sessionStorage.setItem(KEPT, JSON.stringify(times));
    if (other?.closed) close();
    desks.forEach(clock);
  };

  const furnish = (page) => {
    const room = page === document ? page.body : page.body.appendChild(page.createElement("main"));
    room.append(page.importNode(template.content, true));
    page.querySelectorAll(".desk [data-do]").forEach((button) => (button.hidden = false));
    desks = [...desks.filter((one) => one !== page), page];
    draw(page);
    clock(page);
  };

  // Rules of this page's style sheet, in a window that may not ask for any.
  const dress = (view) => {
    const page = view.document;
    page.open();
    page.write("<!doctype html><title></title>");
    page.close();
    page.documentElement.lang = root.lang;
    page.title = document.body.dataset.speaker;
    const sheet = new view.CSSStyleSheet();
    const rules = [...document.styleSheets[0].cssRules].filter((rule) => !(rule instanceof CSSFontFaceRule));
    sheet.replaceSync(rules.map((rule) => rule.cssText).join("\n"));
    page.adoptedStyleSheets = [sheet];
    shelf.forEach(([family, bytes, look]) => page.fonts.add(new view.FontFace(family, bytes, look)));
    page.body.append(page.importNode(document.querySelector("body > svg"), true));
  };

  const open = () => {
    if (other && !other.closed) return other.focus();
    other = window.open("", "haark-speaker", "popup,width=1100,height=720");
    if (!other) return toggle();
    dress(other);
    furnish(other.document);
    show.listen(other.document);
  };

  const toggle = () => {
    const desk = document.querySelector("body > .desk");
    if (!desk) return furnish(document);
    desk.remove();
    desks = desks.filter((page) => page !== document);
  };

  const close = () => {
    desks = desks.filter((page) => page !== other?.document && !(other?.closed && page !== document));
    other = null;
  };

  const keep = async () => {
    await Promise.all([400, 600].map((weight) => document.fonts.load(`${weight} 20px "Inter Haark"`, document.body.textContent)));
    const rules = [...document.styleSheets[0].cssRules].filter((rule) => rule instanceof CSSFontFaceRule);
    const loaded = [...document.fonts].map((face) => face.status === "loaded");
    const wanted = rules.filter((_rule, index) => loaded[index]);
    shelf = await Promise.all(wanted.map(async ({ style }) => {
      const address = style.getPropertyValue("src").match(/url\("?([^")]+)/)[1];
      const bytes = await (await fetch(new URL(address, document.styleSheets[0].href))).arrayBuffer();
      return ["Inter Haark", bytes, { weight: "400 650", unicodeRange: style.getPropertyValue("unicode-range") }];
    }));
  };

  Object.assign(show.commands, {
    speak: open,
    pause: () => {
      times.paused = !times.paused;
      desks.forEach(clock);
    },
    reset: () => {
      Object.assign(times, { total: 0, parts: {}, paused: false });
      desks.forEach(clock);
    },
    hush: (view) => (view === window ? toggle() : view.close()),
  });
  show.watchers.push(() => (tick(), desks.forEach(draw)));
  addEventListener("pagehide", () => other?.close());
  setInterval(tick, 500);
  keep().catch(() => {}); // without them the speaker's window takes the system's font
  if (root.classList.contains("noted")) toggle();
})();
