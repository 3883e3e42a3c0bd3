// The row whose panel is open is the selected one, however the panel came or went.
(() => {
  "use strict";
  document.addEventListener("htmx:afterSettle", () => {
    document.querySelector("[data-row][aria-selected]")?.removeAttribute("aria-selected");
    const shown = document.querySelector(".peek[data-account]");
    if (shown) document.getElementById(`acc-${shown.dataset.account}`)?.setAttribute("aria-selected", "true");
  });
})();
