// Native <details> menus close on Escape and on a click elsewhere, and open towards the side where there is room.
(() => {
  "use strict";
  const open = () => document.querySelectorAll("details.menu[open]");

  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener(
    "toggle",
    ({ target: menu }) => {
      const pop = menu.matches("details.menu[open]") && menu.querySelector(".pop");
      if (pop && pop.getBoundingClientRect().right > document.documentElement.clientWidth) menu.classList.add("end");
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
      event.preventDefault();
    }
  });
})();
