/* The application form: lists of units without leaving the page, and an address typed once.
   Without it the button beside the lists does the first, and saving the second. */
"use strict";

// region → site → point: each list comes from the one before
const units = document.querySelectorAll("select[data-units]");
const refill = async (select, parent) => {
  const title = select.options[0];
  select.replaceChildren(title);
  if (!parent) return;
  const answer = await fetch(`/units/?parent=${encodeURIComponent(parent)}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { units: found } = await answer.json();
  title.textContent = found.length ? "请选择" : "没有可选的单位";
  select.append(...found.map((unit) => new Option(unit.name, unit.code)));
  if (found.length === 1) {
    select.value = found[0].code;
    select.dispatchEvent(new Event("change"));
  }
};
units.forEach((select, place) => {
  select.addEventListener("change", async () => {
    const lower = [...units].slice(place + 1);
    lower.slice(1).forEach((one) => one.replaceChildren(one.options[0]));
    if (lower[0]) await refill(lower[0], select.value);
  });
});
document.querySelectorAll("[data-choose]").forEach((button) => { button.hidden = true; });

// the trial institution is the employer: shown at once, saved as shown
const same = document.querySelector("input[name=same_as_employer]");
if (same) {
  const form = same.form;
  const copy = () => {
    form.querySelectorAll("[name^=trial_]").forEach((field) => {
      const source = form.elements[field.name.replace("trial_", "employer_")];
      if (same.checked && source) field.value = source.value;
      field.readOnly = same.checked;
    });
  };
  same.addEventListener("change", copy);
  form.addEventListener("input", () => same.checked && copy());
}

// a link to a field opens the section that it lies in
const open = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const section = target && target.closest("details");
  if (section && !section.open) {
    section.open = true;
    target.scrollIntoView();
  }
};
open();
window.addEventListener("hashchange", open);

// what was typed and not saved yet is not left without a word
let changed = false;
document.querySelectorAll("form[data-section]").forEach((form) => {
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
});
window.addEventListener("beforeunload", (event) => changed && event.preventDefault());
