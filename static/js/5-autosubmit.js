// A form with data-autosubmit is sent when a choice changes; its own button stays for the keyboard and for no JavaScript.
(() => {
  "use strict";
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-autosubmit") && event.target.type !== "search") form.requestSubmit();
  });
})();
