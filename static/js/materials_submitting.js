/* 提交审核 waits until every picture under way has an answer; what was chosen and not sent, or not stored, holds it back
   with a sentence. */
"use strict";

window.materialsSubmitting = (() => {
  const page = document.querySelector("[data-materials]");
  const { announce } = window.materialsCards;

  let underWay = 0; // files sent off that have no answer yet
  let isPressed = false; // 提交审核 was pressed meanwhile
  let sentence = ""; // why nothing was submitted
  let unsent = () => 0; // how many files are chosen and not sent off
  const lost = new Set(); // files that were not stored since this round of uploads began

  // The button and its note; drawn again whenever the cards are.
  const draw = () => {
    const form = page.querySelector("[data-submit]");
    if (!form) return;
    const count = underWay ? `还有 ${underWay} 张正在上传` : "";
    const after = form.method === "get" ? "传完后自动继续" : "传完后请再核对";
    const button = form.querySelector("button");
    button.textContent = count && isPressed ? `${count}，${after}` : "提交审核";
    button.classList.toggle("btn-busy", Boolean(count && isPressed));
    const note = page.querySelector("[data-submit-note]");
    note.textContent = sentence || (isPressed ? "" : count);
    note.hidden = !note.textContent;
  };

  const say = (words) => {
    sentence = words;
    draw();
    announce(words);
  };

  const hindrance = () => {
    if (lost.size) return `${lost.size} 个文件没有上传，所以没有继续提交：原因见所在的类别。不需要它们的，再点一次“提交审核”。`;
    const count = unsent();
    return count && `有 ${count} 个选取的文件还没有上传：请打开所在类别的“上传”，点“提交”；不要的点“不传”。`;
  };

  // Goes on by itself once nothing is under way, and nobody is at work in a sheet.
  const goOn = () => {
    draw();
    if (!isPressed || underWay || document.querySelector("dialog[open]")) return;
    const form = page.querySelector("[data-submit]");
    isPressed = false;
    const words = hindrance() || (form && form.method === "post" && "图片已传完，请核对后再提交。");
    lost.clear(); // it has been told
    if (words) say(words);
    else if (form) location.assign(form.getAttribute("action"));
  };

  // before portal.js, which takes a form that was pressed for one that is sent
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-submit]")) return;
    sentence = "";
    if (!underWay) lost.clear(); // it was told in its card
    if (!underWay && !unsent()) return;
    event.preventDefault();
    isPressed = true;
    goOn();
    if (isPressed) announce(event.target.querySelector("button").textContent);
  }, true);
  document.addEventListener("close", () => setTimeout(goOn), true); // once the sheet has put itself in order
  page.addEventListener("drawn", draw);

  const count = (change) => {
    underWay += change;
  };

  // until all that was chosen is sent and stored, leaving the page is asked about: no page can choose files anew
  window.onbeforeunload = () => (underWay || unsent() ? true : null);

  const began = (item) => {
    if (!underWay) lost.clear();
    lost.delete(item);
    sentence = "";
    count(1);
    draw();
  };

  const ended = (item, isStored) => {
    if (!isStored) lost.add(item);
    count(-1);
    goOn();
  };

  // `asked`: gives how many files are chosen and not sent off.
  const asks = (asked) => { unsent = asked; };

  return { asks, began, ended };
})();
