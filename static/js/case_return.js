// What will be returned, before it is: picture by picture with the sentence that the candidate reads, the categories and
// sections that are named, and the pictures that nobody has judged. Kept up to date, so that opening it moves nothing.
"use strict";

(() => {
  const form = document.querySelector("[data-case]");
  const list = form && form.querySelector("[data-what-returns]");
  if (!list) return;

  const verdictOf = (sheet) => (sheet.querySelector("[data-verdict] input:checked") || {}).value || "";
  const sheets = [...form.querySelectorAll("[data-sheet]")].filter((sheet) => sheet.querySelector("[data-verdict]"));

  function sentenceOf(sheet) {
    const chosen = sheet.querySelector("[data-verdict] select").selectedOptions[0];
    return ((chosen && chosen.dataset.sentence) || "") + sheet.querySelector(".verdict-words").value.trim();
  }

  function told() {
    const bad = sheets.filter((sheet) => verdictOf(sheet) === "not_ok").map((sheet) => [sheet.dataset.title, sentenceOf(sheet), sheet.id]);
    const named = [...form.querySelectorAll(".named")].filter((one) => one.querySelector("[type=checkbox]").checked);
    return [...bad, ...named.map((one) => [one.querySelector("label").textContent.trim(), one.querySelector("[type=text]").value.trim(), one.id])];
  }

  function draw() {
    const rows = told();
    const place = list.querySelector("[data-returned]");
    place.textContent = "";
    rows.forEach(([title, sentence, id]) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${id}`;
      link.textContent = title;
      row.append(link, sentence ? `：${sentence}` : "：还没有填写原因，不能退回。");
      place.append(row);
    });
    list.querySelector("[data-nothing-returned]").hidden = rows.length > 0;

    const left = sheets.filter((sheet) => !verdictOf(sheet)).map((sheet) => sheet.dataset.title);
    const unjudged = list.querySelector("[data-unjudged]");
    unjudged.hidden = !left.length;
    unjudged.textContent = `还有 ${left.length} 张图片没有判定，退回以后考生看不到对它们的意见：${left.join("、")}。`;
  }

  ["change", "input", "judged"].forEach((kind) => form.addEventListener(kind, draw));
  list.hidden = false;
  list.querySelector("[data-listed]").disabled = false; // else the server lists it first
  draw();
})();
