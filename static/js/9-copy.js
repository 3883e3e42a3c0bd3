// An address shown to be copied: a button with data-copy puts the field that it names on the clipboard, and a field with
// data-copy-now goes there as soon as it is shown. Where the browser refuses, the field is selected, ready for Ctrl+C.
(() => {
  "use strict";
  const copy = async (field) => {
    const button = document.querySelector(`[data-copy="#${CSS.escape(field.id)}"]`);
    const said = button?.parentElement.querySelector("[data-copy-said]");
    field.focus();
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      if (said) said.textContent = button.dataset.copied;
    } catch {
      // Not allowed here: the selection is enough.
    }
  };

  const ready = (root) => {
    for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
    const now = root.querySelector("[data-copy-now]");
    if (now) copy(now);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(document.querySelector(button.dataset.copy));
  });
  document.addEventListener("htmx:afterSettle", (event) => ready(event.target));
  ready(document);
})();
