// Ticked rows of a list: how many there are, all of a page, a range with Shift, and the offer to take the whole list.
(() => {
  "use strict";
  let last = null;
  const boxes = (form) => [...form.querySelectorAll(".pick")];

  const tell = (form) => {
    const all = boxes(form);
    const ticked = all.filter((box) => box.checked).length;
    const total = Number(form.dataset.picks);
    const head = form.querySelector("[data-pick-all]");
    const whole = form.elements.all;
    head.hidden = false;
    head.checked = ticked > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
    if (ticked < all.length) whole.value = "";
    form.querySelector("[data-whole]").hidden = ticked < all.length || ticked >= total || Boolean(whole.value);
    form.querySelector("[data-picked]").textContent = whole.value
      ? form.dataset.wholeWords
      : ticked.toLocaleString(document.documentElement.lang);
  };

  const each = () => document.querySelectorAll("form[data-picks]").forEach(tell);

  document.addEventListener("click", (event) => {
    const form = event.target.closest("form[data-picks]");
    if (!form) return;
    if (event.target.matches("[data-whole]")) {
      form.elements.all.value = "1";
      tell(form);
    } else if (event.target.matches("[data-pick-all]")) {
      for (const box of boxes(form)) box.checked = event.target.checked;
      tell(form);
    } else if (event.target.matches(".pick")) {
      const all = boxes(form);
      const [from, to] = [all.indexOf(last), all.indexOf(event.target)];
      if (event.shiftKey && from >= 0)
        for (const box of all.slice(Math.min(from, to), Math.max(from, to) + 1)) box.checked = event.target.checked;
      last = event.target;
      tell(form);
    }
  });

  document.addEventListener("reset", (event) => {
    if (!event.target.matches("form[data-picks]")) return;
    event.target.elements.all.value = "";
    setTimeout(() => tell(event.target));
  });

  document.addEventListener("DOMContentLoaded", each);
  document.addEventListener("htmx:afterSettle", each);
})();
