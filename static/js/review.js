// The reviewers' keyboard. Without it the case page shows every picture below the other and works by mouse.
"use strict";

const listed = document.querySelector("[data-list]");
const everyOne = document.querySelector("[data-all]");
if (listed && everyOne) {
  const boxes = listed.querySelectorAll("input[name='case']");
  everyOne.addEventListener("change", () => boxes.forEach((box) => { box.checked = everyOne.checked; }));
}

const form = document.querySelector("[data-case]");
if (form && form.querySelector("[data-sheet]")) openCase(form);

function openCase(form) {
  const sheets = [...form.querySelectorAll("[data-sheet]")];
  const pictures = sheets.filter((sheet) => !("empty" in sheet.dataset));
  const deciding = "deciding" in form.dataset;
  const tools = form.querySelector("[data-tools]");
  const overview = form.querySelector("[data-overview]");
  const returning = form.querySelector("[data-return]");
  const frame = form.querySelector("[data-frame]");
  let stage = null;
  const room = window.reviewRoom(form, () => { if (stage) stage.resize(); }); // before the stage, which takes its size
  stage = window.reviewPictures(frame, pictures.map((sheet) => sheet.querySelector("img")), { shown: arrived, failed: missed, changed: countDisplayed });
  const onsite = window.reviewOnsite(form);
  const wasDisplayed = (sheet) => "displayed" in sheet.dataset;
  const isMissing = (sheet) => "missing" in sheet.dataset; // its picture could not be loaded
  const say = window.reviewSay;
  let current = sheets[0];
  let loaded = null; // whose picture the stage has got
  let choosing = false;

  // --- showing ------------------------------------------------------------------------------------------

  function show(sheet) {
    choose(false);
    current = sheet;
    if (sheet !== loaded) loaded = null;
    overview.hidden = true;
    form.querySelector("[data-sheets]").hidden = false;
    sheets.forEach((one) => { one.hidden = one !== sheet; });
    form.querySelectorAll("[data-facts]").forEach((facts) => { facts.hidden = facts.dataset.facts !== sheet.dataset.code; });
    form.querySelectorAll("[data-folder]").forEach((link) => {
      if (link.dataset.folder === sheet.dataset.code) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    tools.querySelector("[data-title]").textContent = sheet.dataset.title;
    tools.querySelector("[data-place]").textContent = `${sheets.indexOf(sheet) + 1} / ${sheets.length}`;
    stage.view(pictures.indexOf(sheet));
    tellMissing();
    countDisplayed();
  }

  function arrived(index) {
    if ("empty" in current.dataset) return; // it has come late: one has gone on to what has no picture
    if (pictures[index] !== current) show(pictures[index]); // swiped to
    loaded = current;
    delete current.dataset.missing;
    tellMissing();
    countDisplayed();
  }

  function missed(index) {
    pictures[index].dataset.missing = "";
    tellMissing();
    mark();
  }
  const tellMissing = () => { frame.querySelector("[data-stage-missing]").hidden = !isMissing(current); };

  // Displayed is what has been in the window, legible, for half a second.
  const LOOKED_AT = 500; // milliseconds
  let looking = 0;
  function inWindow(element) {
    const { top, bottom, height } = element.getBoundingClientRect();
    return height > 0 && Math.min(bottom, window.innerHeight) - Math.max(top, 0) >= height * .9;
  }
  const isSeen = () => Boolean(loaded) && overview.hidden && inWindow(frame) && stage.isLegible();
  function countDisplayed() {
    clearTimeout(looking);
    if (!isSeen() || wasDisplayed(loaded)) return;
    const sheet = loaded;
    looking = setTimeout(() => {
      if (loaded !== sheet || !isSeen() || document.hidden) return;
      sheet.dataset.displayed = "";
      tellDisplayed();
      mark();
    }, LOOKED_AT);
  }
  // By their ids, for whatever act follows; "-" where none has been: that is not the same as not saying.
  const told = document.querySelectorAll("input[name=displayed]"); // of the case, and of a question about it
  const before = told[0].value.split(" ").filter((id) => id && id !== "-"); // what an earlier page has shown
  function tellDisplayed() {
    const shown = sheets.filter(wasDisplayed).map((sheet) => sheet.id.replace("image-", ""));
    for (const input of told) input.value = [...new Set([...before, ...shown])].join(" ") || "-";
  }
  tellDisplayed();
  window.addEventListener("scroll", countDisplayed, { passive: true });
  window.addEventListener("resize", countDisplayed);
  document.addEventListener("visibilitychange", countDisplayed);

  // The page opens at its top, where a corrected case tells what has changed; the first key leads to the stage.
  function reveal() {
    const acts = form.querySelector(".case-acts");
    const last = overview.hidden ? current.querySelector("[data-verdict]") || current : overview;
    const fits = last.getBoundingClientRect().bottom <= window.innerHeight - (acts ? acts.offsetHeight : 0);
    if (tools.getBoundingClientRect().top < 0 || !fits) tools.scrollIntoView({ block: "start" });
    countDisplayed();
  }

  const step = (by) => show(sheets[Math.min(sheets.length - 1, Math.max(0, sheets.indexOf(current) + by))]);

  function stepCategory(by) {
    const codes = [...new Set(sheets.map((sheet) => sheet.dataset.code))];
    const code = codes[codes.indexOf(current.dataset.code) + by];
    if (code) show(sheets.find((sheet) => sheet.dataset.code === code));
  }

  // --- the overview: every picture small, which does not count as displayed, with what it proves ------------

  const tileOf = (sheet) => overview.querySelector(`[data-of="${sheet.id}"]`);

  function openOverview() {
    frame.hidden = true;
    form.querySelector("[data-sheets]").hidden = true;
    overview.hidden = false;
    reveal();
  }
  overview.addEventListener("click", (event) => {
    const tile = event.target.closest("[data-of]");
    if (!tile) return;
    show(document.getElementById(tile.dataset.of));
    reveal();
  });

  // --- verdicts -------------------------------------------------------------------------------------------

  const verdictOf = (sheet) => (sheet.querySelector("[data-verdict] input:checked") || {}).value || "";
  const judgeable = (sheet) => sheet.querySelector("[data-verdict]");

  function judge(sheet, verdict) {
    const input = sheet.querySelector(`[data-verdict] input[value="${verdict}"]`);
    if (input) input.checked = true;
    mark();
    form.dispatchEvent(new Event("judged"));
  }

  function mark() {
    const words = { ok: "合格", not_ok: "不合格", "": "待审" };
    pictures.filter(judgeable).forEach((sheet) => {
      sheet.querySelectorAll("[data-verdict] label").forEach((label) => label.classList.toggle("is-chosen", label.control.checked));
      const state = tileOf(sheet).querySelector("[data-tile-mark]");
      state.textContent = isMissing(sheet) ? "未能加载" : words[verdictOf(sheet)] + (verdictOf(sheet) || wasDisplayed(sheet) ? "" : "，没有看过");
      state.className = `state state-${verdictOf(sheet)}`;
    });
    form.querySelectorAll("[data-folder]").forEach((link) => {
      const state = link.querySelector("[data-mark]");
      const own = pictures.filter((sheet) => sheet.dataset.code === link.dataset.folder && judgeable(sheet)).map(verdictOf);
      if (!state || !own.length) return;
      const left = own.filter((verdict) => !verdict).length;
      const all = own.includes("not_ok") ? "not_ok" : left ? "" : "ok";
      state.textContent = all ? words[all] : `待审 ${left} 张`;
      state.className = `state state-${all}`;
    });
  }

  // Nothing is dropped without a word: what has not been judged, and why, is said.
  function whyUnseen(key) {
    if (loaded !== current) return `这张图片正在加载，显示以后再按一次 ${key}。`;
    if (!stage.isLegible()) return `这张图片太小，看不清上面的字：请按 F 适合宽度或按 + 放大，再按一次 ${key}。`;
    return `请先看这张图片，再按一次 ${key}。`;
  }
  function okAndOn() {
    if (judgeable(current) && isMissing(current)) say("这张图片未能加载，没有判定。");
    else if (judgeable(current)) {
      if (!wasDisplayed(current) || !overview.hidden || !inWindow(frame)) {
        if (!overview.hidden) show(current);
        say(whyUnseen("A"));
        return;
      }
      judge(current, "ok");
    }
    const left = pictures.filter((sheet) => judgeable(sheet) && !verdictOf(sheet) && !isMissing(sheet));
    const next = left.find((sheet) => sheets.indexOf(sheet) > sheets.indexOf(current)) || left[0];
    if (next) show(next);
    else if (!isMissing(current)) say("没有待审的图片了。");
  }

  // The first that has not been displayed yet is shown; one that cannot be is shown as such and not judged.
  function okEach(wanted, key) {
    const unseen = wanted.filter((sheet) => !wasDisplayed(sheet) && !isMissing(sheet));
    if (unseen.length) {
      if (!unseen.includes(current) || !overview.hidden) show(unseen[0]);
      reveal();
      const small = loaded === current && !stage.isLegible() ? "现在太小，请按 F 适合宽度或按 + 放大。" : "";
      say(`还有 ${unseen.length} 张图片没有清楚显示过，先看这一张。${small}都看过以后再按一次 ${key}。`);
      return;
    }
    const missing = wanted.filter(isMissing);
    wanted.filter((sheet) => !isMissing(sheet)).forEach((sheet) => judge(sheet, "ok"));
    if (missing.length) { show(missing[0]); reveal(); }
    const told = [wanted.length - missing.length && `${wanted.length - missing.length} 张判为合格。`, missing.length && `${missing.length} 张未能加载，没有判定。`];
    say(told.filter(Boolean).join("") || "没有待审的图片了。");
  }
  const allOk = () => okEach(pictures.filter((sheet) => judgeable(sheet) && !verdictOf(sheet)), "G");
  const categoryOk = () => okEach(pictures.filter((sheet) => judgeable(sheet) && sheet.dataset.code === current.dataset.code), "Shift+A");

  function choose(on) {
    choosing = on;
    const verdict = current.querySelector("[data-verdict]");
    if (verdict) verdict.classList.toggle("is-choosing", on);
  }

  function reason(digit) {
    const select = current.querySelector("[data-verdict] select");
    if (!select) return;
    if (digit >= select.options.length) {
      say(`没有第 ${digit} 个原因。`);
      return;
    }
    select.selectedIndex = digit;
    choose(false);
    form.dispatchEvent(new Event("judged"));
  }

  form.addEventListener("change", (event) => {
    const verdict = event.target.closest("[data-verdict]");
    if (verdict && event.target.matches("select, .verdict-words") && event.target.value) {
      verdict.querySelector("input[value='not_ok']").checked = true;
    }
    mark();
  });

  // --- acts ---------------------------------------------------------------------------------------------

  const act = (name) => form.querySelector(`[data-act="${name}"]`);
  const makeRoom = () => form.querySelector(".case-viewer").classList.toggle("is-returning", returning.open);
  if (returning) {
    returning.addEventListener("toggle", makeRoom);
    makeRoom(); // it was drawn open, where a return was refused
  }
  function openReturn() {
    if (!returning) return;
    returning.open = true;
    act("return").focus({ preventScroll: true });
    act("return").scrollIntoView({ block: "end" });
  }
  const openDialog = (selector) => { const found = document.querySelector(selector); if (found) found.showModal(); };
  const specimen = () => openDialog(`[data-specimens="${current.dataset.code}"]`);
  const compare = () => {
    if (document.querySelector(`[data-compare="${current.dataset.code}"]`)) openDialog(`[data-compare="${current.dataset.code}"]`);
    else say("这一类没有被替换的图片，无可对照。");
  };
  const help = () => openDialog("[data-help]");
  const words = () => { const field = current.querySelector(".verdict-words"); if (field) field.focus(); };
  const FITTED = { width: "适合宽度", whole: "整张", one: "原始大小（1:1）" };
  const nextFit = () => say(`显示：${FITTED[stage.fit(true)]}`);

  const doing = {
    previous: () => step(-1), next: () => step(1), smaller: () => stage.larger(-.4), larger: () => stage.larger(.4), turn: stage.turn, fit: nextFit, fold: room.fold, full: room.full, specimen, help,
    overview: () => (overview.hidden ? openOverview() : show(current)), "all-ok": allOk, return: openReturn,
  };
  const keys = {
    ArrowLeft: doing.previous, ArrowRight: doing.next, ArrowUp: () => stepCategory(-1), ArrowDown: () => stepCategory(1),
    "+": doing.larger, "=": doing.larger, "-": doing.smaller, 0: () => stage.fit(false), f: nextFit, c: room.fold, z: room.full, l: stage.turn, o: doing.overview, s: specimen, d: compare, "?": help,
    "Shift ArrowLeft": () => stage.move(1, 0), "Shift ArrowRight": () => stage.move(-1, 0),
    PageUp: () => stage.move(0, 5), PageDown: () => stage.move(0, -5),
    "Shift ArrowUp": () => stage.move(0, 1), "Shift ArrowDown": () => stage.move(0, -1),
  };
  const judging = {
    a: okAndOn, g: allOk, m: words, t: onsite.all, r: openReturn,
    A: categoryOk,
    x: () => { onsite.close(); if (!overview.hidden) show(current); judge(current, "not_ok"); choose(true); },
    p: () => { const button = act("pass"); if (button) form.requestSubmit(button); },
  };

  const elsewhere = new Set(["g", "A", "s", "?", "t", "r", "p", "f", "c", "z", "d"]); // they look at something else or scroll themselves

  function keyOf({ key, shift }) {
    if (shift && key.startsWith("Arrow")) return `Shift ${key}`;
    if (shift && key.toLowerCase() === "a") return "A";
    return key.length === 1 ? key.toLowerCase() : key;
  }

  document.addEventListener("review:key", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const key = keyOf(event.detail);
    const digit = event.detail.digit || (event.detail.key === "0" && 10);
    const ticks = onsite.isOpen() && (key === "Escape" ? onsite.close : digit && (() => onsite.line(digit)));
    const found = choosing && event.detail.digit ? () => reason(event.detail.digit) : ticks || (deciding && judging[key]) || keys[key];
    if (!found || event.detail.repeat && !/Arrow|Page/.test(key)) return;
    event.preventDefault();
    found();
    if (!elsewhere.has(key) && !ticks) reveal();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) doing[button.dataset.do]();
    const link = event.target.closest("a[href^='#']");
    const sheet = link && document.getElementById(link.hash.slice(1));
    if (sheet && sheets.includes(sheet)) { event.preventDefault(); show(sheet); reveal(); }
  });
  // Enter in a field is no decision.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input, select")) event.preventDefault();
  });

  // --- the page opens on what is not judged yet, not in order, or new ----------------------------------------

  tools.hidden = false;
  form.querySelectorAll("[data-do][hidden]").forEach((button) => { button.hidden = false; });
  document.querySelectorAll("[data-error-summary] a").forEach((link) => link.addEventListener("click", () => {
    const sheet = document.getElementById(link.hash.slice(1));
    if (sheets.includes(sheet)) show(sheet);
  }));
  const asked = location.hash && document.getElementById(location.hash.slice(1));
  const first = form.querySelector(".sheet-wrong") || (sheets.includes(asked) && asked)
    || pictures.find((sheet) => judgeable(sheet) && !verdictOf(sheet))
    || pictures.find((sheet) => verdictOf(sheet) === "not_ok" || sheet.querySelector(".state-not_ok"))
    || pictures.find((sheet) => "new" in sheet.dataset) || sheets[0];
  show(first);
  mark();
  if (form.dataset.draft) window.keepDraft(form);
  if (form.dataset.ahead) window.addEventListener("load", () => setTimeout(fetchAhead, 800));

  // The next case's pictures, one after the other, into the browser's own cache.
  async function fetchAhead() {
    try {
      const answer = await fetch(form.dataset.ahead, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      for (const address of (await answer.json()).pictures) await (await fetch(address, { priority: "low" })).blob();
    } catch { /* the next page fetches what is missing */ }
  }
}
