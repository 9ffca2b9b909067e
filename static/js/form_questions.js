/* Questions follow the answers: what cannot apply is not asked. Each field's [data-asked] holds its line of
   rules/questions.py, ASKED: one of its ways must hold, each of them field, or fact of the chosen exam category, →
   answers that are right. The list of categories tells the facts of each (data-<fact> of its options).
     formQuestions.follow()        look again, after the page was drawn anew
     formQuestions.leftOut(form)   the names of what is not asked now: it is not saved, and kept while it is typed */
"use strict";

window.formQuestions = (() => {
  const form = (name) => document.querySelector(`form[data-section] [name="${name}"]`)?.form;
  // as it would be sent; null where the page only tells what was answered, since it may not be changed now
  const answer = (name) => (form(name) ? new FormData(form(name)).get(name) ?? disabled(name) : fact(name));
  const fact = (name) => {
    const list = document.querySelector("form[data-section] select[name=exam_category]");
    const told = list && list.options[0].getAttribute(`data-${name}`);
    return told === null ? null : list.selectedOptions[0]?.getAttribute(`data-${name}`) ?? "";
  };
  const disabled = (name) => {
    const [one] = [...form(name).elements].filter((field) => field.name === name && (field.type !== "radio" || field.checked));
    return one ? one.value : "";
  };
  const holds = (ways) => ways.some((way) => Object.entries(way).every(([name, right]) => right.includes(answer(name))));
  const known = (ways) => ways.every((way) => Object.keys(way).every((name) => answer(name) !== null));

  const look = () => document.querySelectorAll("[data-asked]").forEach((field) => {
    const ways = JSON.parse(field.dataset.asked);
    if (!known(ways)) return;
    const apply = holds(ways);
    const wrong = field.matches(".field-wrong");
    // what claims something stays in sight, to be taken back
    const claims = field.querySelector("input[type=radio]:checked:not([value='']):not([value=false]):not([value=none])");
    field.hidden = !(apply || wrong || claims);
    const told = field.querySelector("[data-moot]");
    if (told) told.hidden = apply || wrong || !claims;
  });
  const follow = () => {
    look();
    document.querySelectorAll("form[data-section]").forEach((section) => {
      const isIdle = !section.querySelector(".field:not([hidden])");
      section.querySelector("[data-idle]").hidden = !isIdle;
      const buttons = section.querySelector("[data-where-asked]");
      if (buttons) buttons.hidden = isIdle;
    });
  };
  const leftOut = (section) => [...section.querySelectorAll("[data-asked][hidden] [name]")].map((field) => field.name);

  document.addEventListener("change", (event) => { if (event.target.closest("form[data-section]")) follow(); });
  follow();
  return { follow, leftOut };
})();
