// A text on the drawn slide is opened where it stands: a real text field over it, which types into the field of the form
// below and so is saved like it. Escape brings back what stood there; Ctrl+Enter, or leaving the field, closes it.
(() => {
  "use strict";
  const SMALLEST = 14; // px; below, the field is as wide as the slide
  let open = null;

  const spotOf = (id) => document.querySelector(`[data-spot="${CSS.escape(id)}"]`);
  const write = (field, text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const place = () => {
    const spot = spotOf(open.id);
    if (!spot) return;
    const stage = document.getElementById("stage").getBoundingClientRect();
    const box = spot.firstElementChild.getBoundingClientRect();
    const [size, weight, colour, ground] = spot.dataset.type.split(" ");
    const scale = spot.ownerSVGElement.getBoundingClientRect().width / 960;
    const style = open.area.style;
    const tiny = size * scale < SMALLEST;
    style.left = tiny ? "0" : `${box.left - stage.left - 8}px`;
    style.top = `${box.top - stage.top - 6}px`;
    style.width = tiny ? "100%" : `${box.width + 16}px`;
    style.minHeight = `${box.height + 12}px`;
    style.fontSize = `${Math.max(size * scale, SMALLEST)}px`;
    style.fontWeight = weight;
    style.lineHeight = "1.2";
    style.color = colour;
    style.background = ground;
  };

  const edit = (spot) => {
    const field = document.getElementById(`${spot.dataset.spot}-in`);
    if (!field) return;
    const area = document.createElement("textarea");
    area.className = "in";
    area.rows = 1;
    area.maxLength = field.maxLength;
    area.setAttribute("aria-label", field.labels[0].textContent);
    area.value = field.value;
    area.style.position = "absolute";
    area.style.zIndex = "5";
    area.style.colorScheme = "light";
    open = { id: spot.dataset.spot, field, area, before: field.value, line: "line" in field.form.dataset };
    place();
    document.getElementById("stage").append(area);
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
    area.addEventListener("input", () => write(open.field, area.value));
    area.addEventListener("keydown", keys);
    area.addEventListener("blur", () => close(false));
  };

  const keys = (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      if (open.field.value !== open.before) write(open.field, open.before);
    } else if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey || open.line)) return;
    event.preventDefault();
    event.stopPropagation();
    close(true);
  };

  const close = (back) => {
    if (!open) return;
    const { id, field, area } = open;
    open = null;
    area.remove();
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (back) spotOf(id)?.focus();
  };

  document.addEventListener("click", (event) => {
    const spot = event.target.closest?.("[data-spot]");
    if (!spot || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    edit(spot);
  });
  // The slide is drawn anew while one types: the field follows its text, or stays where it was.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!open) return;
    if (event.target.id === "ws") close(false);
    else place();
  });
  document.addEventListener("haark:collided", () => close(false));
  addEventListener("resize", () => open && place());
})();
