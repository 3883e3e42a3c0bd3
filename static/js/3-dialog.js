// A fragment swapped into #dialog opens over the page; when it closes, the focus goes back to where it was.
(() => {
  "use strict";
  const place = document.getElementById("dialog");
  if (!place) return;
  let opener = null;

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target === place) opener = document.activeElement;
  });

  place.addEventListener("htmx:afterSwap", () => {
    const sheet = place.querySelector("dialog");
    if (!sheet || sheet.open) return;
    sheet.addEventListener("close", () => {
      sheet.remove();
      if (opener?.isConnected) opener.focus();
    });
    sheet.addEventListener("click", (event) => {
      if (event.target === sheet) sheet.close();
    });
    sheet.showModal();
  });
})();
