// Files are sent as soon as they are chosen, or dropped on a card with data-drop, folders too. Without this script the
// field and its button do the same.
(() => {
  "use strict";
  const MB = 1024 * 1024;

  const send = (form, files) => {
    const said = form.querySelector("[data-said]");
    said.textContent = "";
    const total = [...files].reduce((sum, file) => sum + file.size, 0);
    if (total > Number(form.dataset.files) * MB) {
      said.textContent = form.dataset.tooLarge;
      said.className = "err t-bad xs";
      return;
    }
    const field = form.querySelector("[type=file]");
    const kept = new DataTransfer();
    for (const file of files) kept.items.add(file);
    field.files = kept.files;
    form.querySelector("button").setAttribute("aria-busy", "true");
    form.submit();
  };

  // A folder that is dropped gives its files one by one, a hundred at a time.
  const inside = async (entry) => {
    if (entry.isFile) return [await new Promise((done, fail) => entry.file(done, fail))];
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!some.length) return found;
      for (const one of some) found.push(...(await inside(one)));
    }
  };

  const ready = (root) => {
    for (const form of root.querySelectorAll("form[data-files]")) {
      const button = form.querySelector("[data-choose]");
      if (!button) continue; // made ready before
      button.querySelector("span").textContent = button.dataset.choose;
      button.type = "button";
      form.querySelector("[type=file]").hidden = true;
      delete button.dataset.choose;
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("form[data-files] button");
    if (button) button.form.querySelector("[type=file]").click();
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (event.target.type === "file" && form?.dataset.files) send(form, event.target.files);
  });
  document.addEventListener("dragover", (event) => {
    if (!document.querySelector("form[data-files]") || ![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault(); // a file dropped beside the card must not replace the page
    event.target.closest?.("[data-drop]")?.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (place && !place.contains(event.relatedTarget)) place.classList.remove("dropping");
  });
  document.addEventListener("drop", async (event) => {
    if (!document.querySelector("form[data-files]")) return;
    event.preventDefault();
    const place = event.target.closest?.("[data-drop]");
    if (!place) return;
    place.classList.remove("dropping");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const plain = [...event.dataTransfer.files];
    const files = entries.length ? (await Promise.all(entries.map(inside))).flat() : plain;
    if (files.length) send(place.querySelector("form[data-files]"), files);
  });
  document.addEventListener("htmx:afterSettle", () => ready(document));
  ready(document);
})();
