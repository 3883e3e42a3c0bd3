// The clock of a meeting ticks from what the server said last (data attributes of [data-clock]): a lost connection stops
// nothing, a reload shows the same. The part that runs is open. Keys and lines: see 6-keyboard.js and 9-autosave.js.
(() => {
  "use strict";
  let clock = null;
  let since = 0;
  let number = null;

  const two = (value) => String(value).padStart(2, "0");
  const shown = (seconds) => `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  const over = (seconds, minutes) => Math.max(0, Math.ceil((seconds - minutes * 60) / 60));
  const fill = (words, values) => words.replace(/\{(\w)\}/g, (_all, name) => values[name]);
  const write = (name, text) => {
    for (const part of document.querySelectorAll(`[data-show=${name}]`)) if (part.textContent !== text) part.textContent = text;
  };
  const each = (name, change) => document.querySelectorAll(`[data-show=${name}]`).forEach(change);

  const tick = () => {
    if (!clock?.isConnected) read();
    if (!clock || clock.dataset.running !== "1") return;
    const data = clock.dataset;
    const gone = Math.floor((performance.now() - since) / 1000);
    const total = Number(data.elapsed) + gone;
    const spent = Number(data.spent) + gone;
    const left = data.minutes * 60 - spent;
    const late = over(total, data.total);
    const more = over(spent, data.minutes);
    write("total", shown(total));
    write("part", shown(spent));
    write("late", late ? fill(data.over, { m: late }) : "");
    write("over", more ? fill(data.over, { m: more }) : "");
    write("left", left > 0 ? fill(data.left, { m: Math.floor(left / 60), s: left % 60 }) : fill(data.over, { m: more }));
    each("total", (part) => part.classList.toggle("t-warn", late > 0));
    each("tag", (tag) => (tag.classList.toggle("warn", more > 0), tag.classList.toggle("acc", !more)));
    each("bar", (bar) => {
      bar.setAttribute("width", `${Math.min(99, (99 * spent) / (data.minutes * 60))}%`);
      bar.setAttribute("class", more ? "w" : "c");
    });
  };

  const read = () => {
    const found = document.querySelector("[data-clock]");
    if (found === clock) return;
    clock = found;
    since = performance.now();
    if (!clock) return;
    const part = Number(clock.dataset.number);
    if (number !== null && part !== number) {
      document.querySelectorAll(".card.cur").forEach((card) => card.classList.remove("cur"));
      const card = document.getElementById(`part-${part}`);
      card?.classList.add("cur");
      if (card) card.open = true;
    }
    number = part;
  };

  read();
  tick();
  setInterval(tick, 500);
  document.addEventListener("htmx:afterSettle", () => (read(), tick()));

  // D, A and Q choose the kind and lead to the line; so does a click on the kind.
  document.addEventListener("click", (event) => {
    if (event.target.matches("label[data-key]")) setTimeout(() => document.getElementById("capture-text")?.focus());
  });
  // A line changed over the page: the form closes with its answer.
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("dialog [data-closes]");
    if (form && event.detail.xhr.status === 200) form.closest("dialog").close();
  });
})();
