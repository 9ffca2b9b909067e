// A list that opens over the page takes every key for itself, a scanner's too, and chooses by it. One that is marked
// [data-unfolds] unfolds within the page, where review_keys.js hears what is typed. Fingers get the tablet's own list.
"use strict";

(() => {
  let pointer = "mouse";
  const of = ({ target }) => target instanceof Element && target.closest("select[data-unfolds]");
  const isOpen = (list) => list.size > 1;

  // It lies over the page from its own place upwards, and the place is kept.
  function open(list) {
    const place = document.createElement("span");
    place.style.width = `${list.offsetWidth}px`;
    place.style.height = `${list.offsetHeight}px`;
    list.style.left = `${list.offsetLeft}px`;
    list.before(place);
    list.size = list.options.length;
    list.focus();
  }
  function close(list) {
    if (!isOpen(list)) return;
    list.previousElementSibling.remove();
    list.removeAttribute("size");
  }

  document.addEventListener("pointerdown", (event) => { pointer = event.pointerType; }, true);
  document.addEventListener("mousedown", (event) => {
    const list = of(event);
    if (!list || isOpen(list) || event.button || pointer === "touch") return;
    event.preventDefault();
    open(list);
  });
  document.addEventListener("click", (event) => {
    const list = of(event);
    if (list && isOpen(list) && event.target.matches("option")) close(list);
  });
  document.addEventListener("keydown", (event) => {
    const list = of(event);
    if (!list) return;
    const opens = event.key === "F4" || (event.altKey && /^Arrow(Up|Down)$/.test(event.key));
    if (opens) {
      event.preventDefault();
      if (isOpen(list)) close(list);
      else open(list);
    } else if (event.key === "Enter") close(list);
  });
  document.addEventListener("review:open", (event) => { // the space bar, when it was alone
    const list = of(event);
    if (!list) return;
    event.preventDefault();
    if (isOpen(list)) close(list);
    else open(list);
  });
  document.addEventListener("focusout", (event) => { const list = of(event); if (list) close(list); });
})();
