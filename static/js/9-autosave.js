// A form with data-autosave is sent by htmx as it is typed in. Until the server has a text it also stands in this tab
// (sessionStorage): a lost connection or a reload loses nothing, and it is sent when the line is back. A form with
// data-queue keeps whole lines that could not be sent, in their order, and gives its field free for the next one.
(() => {
  "use strict";
  const RETRY = 5000; // ms between two tries while something waits
  const sent = new WeakMap();
  let timer = 0;

  const forms = () => [...document.querySelectorAll("form[data-autosave]")];
  const field = (form) => form.elements.text;
  const version = (form) => form.querySelector("[name=version]");
  const key = (form) => `haark-kept:${form.getAttribute("action")}`;
  const read = (name, none) => JSON.parse(sessionStorage.getItem(name) || none);
  const write = (name, value) => {
    try {
      sessionStorage.setItem(name, JSON.stringify(value));
    } catch {
      // A full or forbidden store: the field itself still holds the text.
    }
  };
  const kept = (form) => read(key(form), "null");

  const offline = (lost) => {
    for (const part of document.querySelectorAll("[data-offline]")) part.hidden = !lost;
  };
  // Buttons that are needed without JavaScript only.
  const tidy = () => document.querySelectorAll("[data-nojs]").forEach((button) => (button.hidden = true));
  const mark = (form, waiting) => {
    const part = form.querySelector("[data-autosave-kept]");
    if (part) part.hidden = !waiting;
  };

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-autosave]") && event.target === field(form)) write(key(form), [field(form).value, version(form).value]);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (form) sent.set(form, field(form).value);
  });
  // Before the swap: the request's form may be gone after it.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    const status = event.detail.xhr.status;
    if (form && (status === 200 || status === 409) && field(form).value === sent.get(form)) sessionStorage.removeItem(key(form));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr.status === 0) return;
    offline(false);
    flush();
  });
  for (const name of ["htmx:sendError", "htmx:timeout"])
    document.addEventListener(name, (event) => {
      offline(true);
      const form = event.target.closest?.("form");
      if (form?.matches("[data-autosave]")) mark(form, true);
      if (form?.matches("[data-queue]")) enqueue(form);
      clearTimeout(timer);
      timer = setTimeout(again, RETRY);
    });

  // Lines that wait

  const queue = (form) => `haark-queue:${form.getAttribute("action")}`;
  const count = (form) => {
    const part = form.querySelector("[data-queue-state]");
    const waiting = read(queue(form), "[]").length;
    if (part) Object.assign(part, { hidden: !waiting, textContent: waiting ? part.dataset.words.replace("{n}", waiting) : "" });
  };
  const enqueue = (form) => {
    const data = new FormData(form);
    data.delete("csrf_token");
    write(queue(form), [...read(queue(form), "[]"), new URLSearchParams(data).toString()]);
    form.elements.token.value = crypto.randomUUID?.().replaceAll("-", "") || String(Math.random()).slice(2);
    field(form).value = "";
    field(form).focus();
    count(form);
  };
  let busy = false;
  const sendLines = async (form) => {
    const lines = read(queue(form), "[]");
    if (busy || !lines.length) return;
    busy = true;
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded" };
    try {
      while (lines.length) {
        const answer = await fetch(form.getAttribute("action"), { method: "POST", headers, body: lines[0], redirect: "manual" });
        // What the server cannot keep as it is goes back into the field, to be corrected.
        if (answer.status === 422) field(form).value = new URLSearchParams(lines[0]).get("text");
        else if (answer.status !== 200) break;
        lines.shift();
        write(queue(form), lines);
      }
    } catch {
      clearTimeout(timer);
      timer = setTimeout(again, RETRY);
    } finally {
      busy = false;
      const now = document.querySelector("form[data-queue]");
      if (now) count(now);
      window.htmx?.trigger(document.body, "back");
    }
  };

  // Sending again

  const flush = () => {
    clearTimeout(timer);
    for (const form of forms()) {
      const waiting = kept(form);
      if (!waiting || sent.get(form) === waiting[0]) continue;
      [field(form).value, version(form).value] = waiting;
      window.htmx?.trigger(form, "autosave");
    }
    for (const form of document.querySelectorAll("form[data-queue]")) sendLines(form);
  };
  const again = () => {
    // What was sent into the void counts as not sent.
    for (const form of forms()) sent.delete(form);
    flush();
  };
  addEventListener("online", again);
  addEventListener("offline", () => offline(true));

  // What others wrote is taken over where nothing of one's own waits.
  document.addEventListener("htmx:afterSettle", () => {
    for (const news of document.querySelectorAll("[data-news]")) {
      const form = news.closest("form[data-autosave]");
      if (!form || kept(form) || Number(news.dataset.version) <= Number(version(form).value)) continue;
      const [start, end] = [field(form).selectionStart, field(form).selectionEnd];
      field(form).value = news.dataset.text;
      version(form).value = news.dataset.version;
      if (document.activeElement === field(form)) field(form).setSelectionRange(start, end);
    }
    for (const form of document.querySelectorAll("form[data-queue]")) count(form);
    tidy();
  });

  // After a reload: what had not left yet stands in its field again, and leaves.
  addEventListener("load", () => {
    tidy();
    for (const form of forms()) if (kept(form)) mark(form, true);
    again();
    for (const form of document.querySelectorAll("form[data-queue]")) count(form);
  });
})();
