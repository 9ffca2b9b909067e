/* What is typed into a form of the account is still there after a reload, on coming back, after a log-in: it is kept in
   this tab alone, for this account and this state of the page ([data-typed]), and never a password or a code.
   The page says so where it shows it ([data-typed-note]). Forgetting it is portal.js's, which every page has. */
"use strict";

document.querySelectorAll("form[data-typed]").forEach((form) => {
  const key = `typed:${form.dataset.typed}`;
  const note = form.querySelector("[data-typed-note]");
  const isTick = (one) => one.type === "checkbox" || one.type === "radio";
  const isKept = (one) => one.name && !one.disabled && !["hidden", "password", "submit", "file"].includes(one.type)
    && one.autocomplete !== "one-time-code";
  const answers = () => JSON.stringify([...form.elements].filter(isKept)
    .map((one) => [one.name, isTick(one) ? one.checked : one.value]));

  const keep = () => window.tabKeeps.set(key, answers());
  const show = () => {
    const drawn = answers();
    const kept = JSON.parse(window.tabKeeps.get(key) || "[]");
    [...form.elements].filter(isKept).forEach((one, place) => {
      const [name, value] = kept[place] || [];
      if (name !== one.name) return;
      if (isTick(one)) one.checked = value;
      else one.value = value;
    });
    if (note) note.hidden = answers() === drawn;
  };

  // what a refusal has just drawn is the newest; after that, what was typed since
  const wasSent = window.tabKeeps.get("sent") === key;
  if (wasSent) window.tabKeeps.drop("sent");
  if (wasSent && document.querySelector("[data-error-summary]")) keep();
  else show();
  ["input", "change"].forEach((kind) => form.addEventListener(kind, keep));
  form.addEventListener("submit", () => window.tabKeeps.set("sent", key));
});
