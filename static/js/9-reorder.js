// Alt with an arrow presses the button that moves the open slide: a form says which arrow with data-alt.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("input,textarea,select,[contenteditable]")) return;
    const form = document.querySelector(`form[data-alt="${CSS.escape(event.key)}"]`);
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });
})();
