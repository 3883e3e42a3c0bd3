// A slider beside a number field, both showing one value. Without JavaScript the slider stays hidden: the field is enough.
(() => {
  "use strict";
  for (const slider of document.querySelectorAll("input[type=range][data-mirrors]")) {
    const field = document.getElementById(slider.dataset.mirrors);
    const follow = () => {
      slider.value = Number.parseInt(field.value, 10) || 0;
    };
    slider.hidden = false;
    follow();
    field.addEventListener("input", follow);
    slider.addEventListener("input", () => {
      field.value = slider.value;
    });
  }
})();
