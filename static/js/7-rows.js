// A click anywhere on a row does what its peek link, or its first link, does. A comfort: the links are real.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || event.target.closest("a,button,input,label,summary,select,textarea")) return;
    if (getSelection().toString()) return;
    (row.querySelector("[data-peek]") || row.querySelector("[data-main]") || row.querySelector("a[href]"))?.click();
  });
})();
