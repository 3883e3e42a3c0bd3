// Messages: they leave after six seconds, not while the pointer or the focus is on them; errors stay until closed.
(() => {
  "use strict";
  const SECONDS = 6;
  const region = document.getElementById("flash");
  if (!region) return;

  const watch = (toast) => {
    if (!toast.hasAttribute?.("data-leaves") || toast.dataset.watched) return;
    toast.dataset.watched = "1";
    let timer = 0;
    const start = () => {
      clearTimeout(timer);
      timer = setTimeout(() => toast.remove(), SECONDS * 1000);
    };
    const pause = () => clearTimeout(timer);
    for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, pause);
    for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, start);
    start();
  };

  const offline = (event) => {
    // What asks by itself every few seconds says so in its own way.
    if (event?.target.closest("[data-quiet]")) return;
    const copy = document.getElementById("flash-offline")?.content.cloneNode(true);
    if (copy && !region.querySelector("[role=alert]")) region.append(copy);
  };

  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(watch)))
    .observe(region, { childList: true });
  [...region.children].forEach(watch);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (button) button.closest(".toast")?.remove();
  });
  // An undo says so in a message of its own: the one it belongs to goes. Not before the answer is there: what the answer
  // announces (HX-Trigger) starts from the undo's form, and reaches the page only while that is part of it.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.closest("#flash")) event.target.closest(".toast")?.remove();
  });
  document.addEventListener("htmx:sendError", offline);
  document.addEventListener("htmx:timeout", offline);
  document.addEventListener("htmx:responseError", (event) => {
    // An error of Haark brings its own message; one from a proxy in front of it does not.
    if (!event.detail.xhr.responseText.includes("hx-swap-oob")) offline(event);
  });
})();
