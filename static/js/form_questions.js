/* Questions follow the answers: what cannot apply is not asked. Each field's [data-asked] holds its line of
   rules/sections.py, ASKED: one of its ways must hold, each of them field → answers that are right.
     formQuestions.follow()        look again, after the page was drawn anew
     formQuestions.leftOut(form)   the names of what is not asked now: it is not saved, and kept while it is typed */
"use strict";

window.formQuestions = (() => {
  const form = (name) => document.querySelector(`form[data-section] [name="${name}"]`)?.form;
  // as it would be sent; null where the page only tells what was answered, since it may not be changed now
  const answer = (name) => (form(name) ? new FormData(form(name)).get(name) ?? disabled(name) : null);
  const disabled = (name) => {
    const [one] = [...form(name).elements].filter((field) => field.name === name && (field.type !== "radio" || field.checked));
    return one ? one.value : "";
  };
  const holds = (ways) => ways.some((way) => Object.entries(way).every(([name, right]) => right.includes(answer(name))));
  const known = (ways) => ways.every((way) => Object.keys(way).every((name) => answer(name) !== null));

  const follow = () => document.querySelectorAll("[data-asked]").forEach((field) => {
    const ways = JSON.parse(field.dataset.asked);
    const yes = field.querySelector("input[value=true]:checked"); // stays in sight, to be taken back
    if (known(ways)) field.hidden = !(holds(ways) || field.matches(".field-wrong") || yes);
  });
  const leftOut = (section) => [...section.querySelectorAll("[data-asked][hidden] [name]")].map((field) => field.name);

  document.addEventListener("change", (event) => { if (event.target.closest("form[data-section]")) follow(); });
  follow();
  return { follow, leftOut };
})();
