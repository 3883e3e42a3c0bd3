// Texts of a review save themselves a moment after typing. Until the server has one it also stands in this tab
// (sessionStorage, under the person's own name): a lost connection or an expired session loses nothing, and it is sent
// again with the version it was written on, so that it never overwrites what somebody saved meanwhile.
(() => {
  "use strict";
  const WAIT = 600; // ms after the last key
  const RETRY = 8000;
  const timers = new WeakMap();
  const sent = new WeakMap();
  const gone = new WeakSet(); // forms that htmx let go of: what they would send, the browser would send as a page

  const desk = () => document.getElementById("ws");
  const forms = () => [...document.querySelectorAll("form[data-draft]")];
  const prefix = () => `haark-draft:${desk().dataset.user}:${desk().dataset.review}:`;
  const control = (form) => form.elements.text;
  const version = (form) => form.querySelector("[name=version]");

  const show = (state) => {
    for (const part of document.querySelectorAll("#saved [data-state]")) part.hidden = part.dataset.state !== state;
  };

  // What waits in this tab

  const drafts = () => {
    if (!desk()) return [];
    const start = prefix();
    return Object.keys(sessionStorage)
      .filter((key) => key.startsWith(start))
      .map((key) => ({ key, name: key.slice(start.length), ...JSON.parse(sessionStorage.getItem(key)) }));
  };

  const keep = (form) => {
    const key = prefix() + form.dataset.draft;
    const known = JSON.parse(sessionStorage.getItem(key) || "null");
    // After a conflict the old version stays: sent from elsewhere, it must be asked about again.
    const on = form.hasAttribute("data-collided") && known ? known.version : version(form).value;
    try {
      sessionStorage.setItem(key, JSON.stringify({ text: control(form).value, version: on, url: form.action }));
    } catch {
      // A full or forbidden store: the field itself still holds the text.
    }
  };
  const drop = (name) => sessionStorage.removeItem(prefix() + name);

  // Sending

  const send = (form) => {
    clearTimeout(timers.get(form));
    if (form.isConnected && !gone.has(form) && sessionStorage.getItem(prefix() + form.dataset.draft)) form.requestSubmit();
  };
  const soon = (form) => {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(send, WAIT, form));
  };

  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    if (event.target.matches?.("form[data-draft]")) gone.add(event.target);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-draft]") || event.target !== control(form)) return;
    keep(form);
    if (!form.hasAttribute("data-collided")) soon(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-draft]:not([data-collided])") && event.target === control(form)) send(form);
  });

  // The form that asked, also when the answer has replaced it: the event then comes from what is around it.
  const asking = (event) => {
    const form = event.detail.requestConfig?.elt;
    return form?.matches?.("form[data-draft]") ? form : null;
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = asking(event);
    if (!form) return;
    sent.set(form, control(form).value);
    show("saving");
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = asking(event);
    if (!form) return;
    const status = event.detail.xhr.status;
    if (status === 409) return asked(form);
    // 204 leads to the login: the text waits here until the person is back.
    if (status !== 200) return waits();
    form.removeAttribute("data-collided");
    if (control(form).value === sent.get(form)) return drop(form.dataset.draft);
    keep(form);
    soon(form);
  });

  const waits = () => {
    show("kept");
    setTimeout(flush, RETRY);
  };

  // Somebody saved first: both texts stand in the form now.
  const asked = (old) => {
    show("asked");
    const form = document.querySelector(`form[data-draft="${CSS.escape(old.dataset.draft)}"]`);
    if (!form) return;
    const fold = form.closest("details");
    if (fold) fold.open = true;
    document.dispatchEvent(new CustomEvent("haark:collided"));
    control(form).focus();
    form.scrollIntoView({ block: "center" });
  };

  // Sending again

  const flush = () => {
    for (const draft of drafts()) {
      const form = forms().find((each) => each.dataset.draft === draft.name);
      if (!form) away(draft);
      else if (!form.hasAttribute("data-collided")) {
        control(form).value = draft.text;
        version(form).value = draft.version;
        send(form);
      }
    }
  };

  // A text of a slide that is not open: sent aside; with a conflict it waits until its slide is opened.
  const away = async (draft) => {
    const token = JSON.parse(document.body.getAttribute("hx-headers"));
    const body = new URLSearchParams({ text: draft.text, version: draft.version });
    try {
      const answer = await fetch(draft.url, { method: "POST", headers: { ...token, "HX-Request": "true" }, body });
      if (answer.status === 200) drop(draft.name);
      else show(answer.status === 409 ? "asked" : "kept");
    } catch {
      waits();
    }
  };

  addEventListener("online", flush);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "ws") flush();
  });
  document.addEventListener("DOMContentLoaded", () => desk() && flush());
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("#saved [data-state=kept]:not([hidden])") && drafts().length) event.preventDefault();
  });

  // Ctrl+Z outside of a field takes back the last saved change; with Shift it is made again.
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
    if (event.target.closest("input,textarea,select,[contenteditable]")) return;
    const form = document.querySelector(`form[data-step=${event.shiftKey ? "redo" : "undo"}]`);
    if (!form || form.querySelector("button").disabled) return;
    event.preventDefault();
    form.requestSubmit();
  });
})();
