// The panel beside a list. Its link asks by htmx, here and not by an attribute that would repeat the address in each row.
// The row whose panel is open is the selected one, however the panel came or went.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-peek]:not([hx-get],[href^='#'])");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    htmx.ajax("GET", link.getAttribute("href"), { source: link });
  });

  document.addEventListener("htmx:afterSettle", () => {
    document.querySelector("[data-row][aria-selected]")?.removeAttribute("aria-selected");
    const shown = document.querySelector(".peek[data-account]");
    if (shown) document.getElementById(`acc-${shown.dataset.account}`)?.setAttribute("aria-selected", "true");
  });
})();
