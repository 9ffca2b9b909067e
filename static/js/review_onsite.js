// The on-site list: opened over the page where it is seen, ticked line by line (digits) or all at once (T, and back).
"use strict";

window.reviewOnsite = (form) => {
  const list = form.querySelector("[data-onsite]");
  const boxes = [...form.querySelectorAll("[data-tick]")];
  let before = null; // the ticks as they were before all were set

  const isOpen = () => Boolean(list) && list.classList.contains("is-open");
  const open = (on) => {
    if (!list) return;
    list.classList.toggle("is-open", on);
    list.querySelector("[data-onsite-tools]").hidden = !on;
    if (!on) before = null;
  };
  function set(box, on) {
    if (box.checked === on) return;
    box.checked = on;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function all() {
    if (!list) window.reviewSay("这份申请没有现场审核清单。");
    else if (!isOpen()) open(true);
    else if (before) {
      boxes.forEach((box, line) => set(box, before[line]));
      before = null;
      window.reviewSay("已恢复为全部勾选以前的样子。");
    } else {
      before = boxes.map((box) => box.checked);
      boxes.forEach((box) => set(box, true));
      window.reviewSay(`已勾选全部 ${boxes.length} 项。再按一次 T 恢复。`);
    }
  }
  function line(number) {
    const box = boxes[number - 1];
    if (!box) window.reviewSay(`清单没有第 ${number} 项。`);
    else {
      set(box, !box.checked);
      box.scrollIntoView({ block: "nearest" });
    }
    before = null;
  }

  // How many originals the decision certifies stands on the buttons that decide.
  function count() {
    const seen = boxes.filter((box) => box.checked).length;
    form.querySelectorAll("[data-certifies]").forEach((one) => { one.textContent = `（证明已核对原件 ${seen} / ${boxes.length} 项）`; });
  }
  if (boxes.length) {
    form.addEventListener("change", count);
    count();
    list.addEventListener("click", (event) => {
      if (event.target.closest("[data-onsite-close]")) open(false);
      if (event.target.closest("[data-onsite-all]")) all();
    });
  }
  return { all, line, close: () => open(false), isOpen: () => isOpen() && boxes.length > 0 };
};
