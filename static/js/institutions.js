/* Further institutions on the application form: rows added and removed without leaving the page. Without it the buttons
   post the section and the page comes back as typed. */
"use strict";

(() => {
  const listOf = (inside) => inside.closest("[data-institutions]");
  const rowsOf = (list) => [...list.querySelectorAll("[data-institution]")];
  const cellsOf = (row) => row.querySelector("[data-institution-cells]");

  // rows are counted as the server will count them: the first institution has fields of its own, removed ones are none
  const recount = (list) => {
    const kept = rowsOf(list).filter((row) => !cellsOf(row).disabled);
    kept.forEach((row, at) => { row.querySelector("[data-institution-number]").textContent = at + 2; });
    const add = list.querySelector("[data-add-institution]");
    if (add) add.hidden = kept.length >= Number(list.dataset.most);
    list.dispatchEvent(new Event("change", { bubbles: true })); // something is not saved yet
  };

  const add = (list) => {
    const places = [...list.querySelectorAll("[data-remove-institution]")].map((button) => Number(button.value));
    const place = Math.max(-1, ...places) + 1;
    const made = document.createElement("template");
    made.innerHTML = list.querySelector("[data-blank-institution]").innerHTML.replace(/__n__/g, place);
    const row = made.content.querySelector("[data-institution]");
    list.querySelector("[data-add-institution]").parentElement.before(row);
    recount(list);
    row.querySelector("input").focus();
  };

  const setRemoved = (row, removed) => {
    cellsOf(row).disabled = removed; // what is disabled is not sent
    cellsOf(row).hidden = removed;
    row.querySelector("[data-institution-removed]").hidden = !removed;
    recount(listOf(row));
    row.querySelector(removed ? "[data-restore-institution]" : "[data-remove-institution]").focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-institution], [data-remove-institution], [data-restore-institution]");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-add-institution]")) add(listOf(button));
    else setRemoved(button.closest("[data-institution]"), button.matches("[data-remove-institution]"));
  });
})();
