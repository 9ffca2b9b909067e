// Every reviewer's page: what a scan leads to, the search box's key, buttons with keys of their own, what was not done
// and why. A scan is posted to the search, as if it had been typed there: no code stands in an address.
"use strict";

// What a notice's QR code or bar code says, as the search knows it; empty where it is neither.
window.reviewCode = (text) => {
  const read = text.trim().replace(/^\][A-Za-z][0-9A-F]/, ""); // the kind of code, which some scanners tell before it
  const address = /\/verify\/([0-9A-Z]{8,20})(?![0-9A-Z])/i.exec(read);
  if (address) return `/verify/${address[1].toUpperCase()}/`; // the lock for capitals turns every letter round
  const number = /(?:^|[^0-9])([0-9]{16})(?![0-9])/.exec(read);
  return number ? number[1] : "";
};

// Said where it is seen and heard, until the next key or press: also over a dialog, outside of which nothing is heard.
window.reviewSay = (sentence) => {
  const said = document.querySelector("[data-said]");
  const open = [...document.querySelectorAll("dialog[open]")].pop() || document.body;
  if (said.parentElement !== open) open.append(said);
  said.textContent = sentence;
  said.hidden = !sentence;
};

(() => {
  const search = document.querySelector("[role=search]");
  const box = search.querySelector("input[type=text]");
  const asking = document.querySelector("[data-scan-ask]");
  let wanted = ""; // the code that was scanned last

  const hush = () => { if (document.querySelector("[data-said]").textContent) window.reviewSay(""); };
  window.addEventListener("keydown", hush, true);
  window.addEventListener("pointerdown", hush, true);

  document.addEventListener("review:key", (event) => {
    const { key } = event.detail;
    if (document.querySelector("dialog[open]")) return;
    const button = document.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
    if (button && "focus" in button.dataset) button.focus(); // pressed by Enter: what it records is not taken back
    else if (button) button.click();
    else if (key === "/") {
      box.focus();
      box.select();
    } else return;
    event.preventDefault();
  });
  document.addEventListener("review:hurry", () => window.reviewSay("几个键按得太近，都没有执行。请一个一个地按。"));

  // --- where a scan leads -----------------------------------------------------------------------------------

  const IN_DRAFT = /^(seen|displayed|until|(image|category|section|onsite)-)/; // what the case page keeps by itself

  // What has been typed or ticked on this page and is nowhere else.
  function isUnsaved() {
    const kept = (control) => control.form.dataset.draft && IN_DRAFT.test(control.name);
    const differs = (control) => {
      if (control.matches("select")) return control.selectedIndex !== Math.max(0, [...control.options].findIndex((option) => option.defaultSelected));
      if (control.matches("[type=radio], [type=checkbox]")) return control.checked !== control.defaultChecked;
      return control.matches("input:not([type=hidden]), textarea") && control.value !== control.defaultValue;
    };
    const forms = [...document.querySelectorAll("main form")].filter((form) => form.method === "post");
    return Boolean(document.querySelector("main [data-error-summary]"))
      || forms.some((form) => [...form.elements].some((control) => control.name && !kept(control) && differs(control)));
  }

  function go() {
    box.value = wanted;
    document.dispatchEvent(new Event("review:leave"));
    search.requestSubmit();
  }

  // The verdicts are sent before it is asked whether they may be left.
  async function lead(code) {
    wanted = code;
    if (asking.open) return;
    if (document.querySelector("main form[data-sent], main form[data-asking]")) {
      window.reviewSay("刚才的操作还在处理。请等新的页面打开以后再扫一次。");
      return;
    }
    const waits = [];
    document.dispatchEvent(new CustomEvent("review:keep", { detail: waits }));
    const patience = new Promise((end) => { setTimeout(() => end(false), 3000); });
    const isKept = await Promise.race([Promise.all(waits).then((all) => all.every(Boolean)), patience]);
    if (code !== wanted || asking.open) return; // another one has been scanned meanwhile
    if (isKept && !isUnsaved()) go();
    else asking.showModal();
  }

  document.addEventListener("review:scan", ({ detail }) => {
    const { code, field, restore } = detail;
    if (code) {
      restore();
      lead(code);
    } else if (!field) window.reviewSay("扫描的内容不是通知单上的条码或二维码，没有执行任何操作。请扫描报名成功通知单上的码，或按 / 输入报名编号。");
    else if (field !== box) {
      if (!field.matches("[type=text], [type=search], textarea")) restore(); // a day is not typed by a scanner
      window.reviewSay("扫描的内容不是通知单上的条码或二维码，已留在输入框里。不需要的请删去。");
    }
  });
  asking.addEventListener("close", () => {
    if (asking.returnValue === "leave") go();
    asking.returnValue = "";
  });

  document.addEventListener("session:back", () => window.reviewSay("现在可以继续了。没有提交的，请再按一次按钮。"));

  const first = document.querySelector("[data-found] tbody a");
  if (first) first.focus();
  else if (box.value) { // nothing found, or refused: it is put right there
    box.focus();
    box.select();
  }
})();
