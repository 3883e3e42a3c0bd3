// After a swap: the first wrong field is focused, and an element that was replaced under the same id keeps the focus.
(() => {
  "use strict";
  let kept = null;

  document.addEventListener("htmx:beforeSwap", () => {
    const active = document.activeElement;
    kept = active && active !== document.body && active.id ? active.id : null;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const wrong = event.target.matches?.("[aria-invalid=true]") ? event.target : event.target.querySelector?.("[aria-invalid=true]");
    const replaced = kept && document.activeElement === document.body ? document.getElementById(kept) : null;
    kept = null;
    (wrong || replaced)?.focus({ preventScroll: !wrong });
  });

  // A page that comes back from the server with errors, without htmx.
  document.querySelector("[aria-invalid=true]")?.focus();
})();
