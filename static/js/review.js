// The reviewers' keyboard. Without it the case page shows every picture below the other and works by mouse.
"use strict";

const listed = document.querySelector("[data-list]");
const everyOne = document.querySelector("[data-all]");
if (listed && everyOne) {
  const boxes = listed.querySelectorAll("input[name='case']");
  everyOne.addEventListener("change", () => boxes.forEach((box) => { box.checked = everyOne.checked; }));
}

const typing = (target) => target.matches("input:not([type=radio], [type=checkbox]), select, textarea");
const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;

document.addEventListener("keydown", (event) => {
  if (!plain(event) || typing(event.target)) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button) {
    event.preventDefault();
    button.click();
  }
});

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
  const stage = window.reviewPictures(frame, pictures.map((sheet) => sheet.querySelector("img")), { shown: arrived });
  const displayed = new Set();
  let current = sheets[0];
  let choosing = false;

  // --- showing ------------------------------------------------------------------------------------------

  function show(sheet) {
    current = sheet;
    choose(false);
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
  }

  function arrived(index) {
    displayed.add(pictures[index]);
    if (pictures[index] !== current) show(pictures[index]); // swiped to
  }

  const step = (by) => show(sheets[Math.min(sheets.length - 1, Math.max(0, sheets.indexOf(current) + by))]);

  function stepCategory(by) {
    const codes = [...new Set(sheets.map((sheet) => sheet.dataset.code))];
    const code = codes[codes.indexOf(current.dataset.code) + by];
    if (code) show(sheets.find((sheet) => sheet.dataset.code === code));
  }

  // --- the overview: every picture at a legible size, which counts as displayed ----------------------------

  const tileOf = (sheet) => overview.querySelector(`[data-of="${sheet.id}"]`);
  const watcher = new IntersectionObserver((entries) => entries.forEach((entry) => {
    const image = entry.target.querySelector("img");
    const sheet = document.getElementById(entry.target.dataset.of);
    if (!entry.isIntersecting) return;
    if (image.complete && image.naturalWidth) displayed.add(sheet);
    else image.addEventListener("load", () => displayed.add(sheet), { once: true });
  }), { threshold: .9 });

  function openOverview() {
    frame.hidden = true;
    form.querySelector("[data-sheets]").hidden = true;
    overview.hidden = false;
    overview.querySelectorAll("[data-of]").forEach((tile) => watcher.observe(tile));
  }
  overview.addEventListener("click", (event) => {
    const tile = event.target.closest("[data-of]");
    if (tile) show(document.getElementById(tile.dataset.of));
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
      const state = tileOf(sheet).querySelector("[data-tile-mark]");
      state.textContent = words[verdictOf(sheet)];
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

  function okAndOn() {
    judge(current, "ok");
    const left = pictures.filter((sheet) => judgeable(sheet) && !verdictOf(sheet));
    const next = left.find((sheet) => sheets.indexOf(sheet) > sheets.indexOf(current)) || left[0];
    if (next) show(next);
  }

  function allOk() {
    const left = pictures.filter((sheet) => judgeable(sheet) && !verdictOf(sheet));
    const hidden = left.find((sheet) => !displayed.has(sheet));
    if (!hidden) {
      left.forEach((sheet) => judge(sheet, "ok"));
      return;
    }
    if (overview.hidden) openOverview();
    tileOf(hidden).scrollIntoView({ block: "start" });
  }

  function choose(on) {
    choosing = on;
    const verdict = current.querySelector("[data-verdict]");
    if (verdict) verdict.classList.toggle("is-choosing", on);
  }

  function reason(digit) {
    const select = current.querySelector("[data-verdict] select");
    if (!select || digit >= select.options.length) return;
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
  function openReturn() {
    if (!returning) return;
    returning.open = true;
    act("return").focus({ preventScroll: true });
    act("return").scrollIntoView({ block: "end" });
  }
  const openDialog = (selector) => { const found = document.querySelector(selector); if (found) found.showModal(); };
  const specimen = () => openDialog(`[data-specimens="${current.dataset.code}"]`);
  const help = () => openDialog("[data-help]");
  const words = () => { const field = current.querySelector(".verdict-words"); if (field) field.focus(); };
  const tickAll = () => form.querySelectorAll("[data-tick]").forEach((box) => { box.checked = true; });

  const doing = {
    previous: () => step(-1), next: () => step(1), smaller: () => stage.larger(-.4), larger: () => stage.larger(.4), turn: stage.turn, specimen, help,
    overview: () => (overview.hidden ? openOverview() : show(current)), "all-ok": allOk, return: openReturn,
  };
  const keys = {
    ArrowLeft: doing.previous, ArrowRight: doing.next, ArrowUp: () => stepCategory(-1), ArrowDown: () => stepCategory(1),
    "+": doing.larger, "=": doing.larger, "-": doing.smaller, 0: stage.fit, l: stage.turn, o: doing.overview, s: specimen, "?": help, "？": help,
    "Shift ArrowLeft": () => stage.move(1, 0), "Shift ArrowRight": () => stage.move(-1, 0),
    "Shift ArrowUp": () => stage.move(0, 1), "Shift ArrowDown": () => stage.move(0, -1),
  };
  const judging = {
    a: okAndOn, g: allOk, m: words, t: tickAll, r: openReturn,
    A: () => pictures.filter((sheet) => sheet.dataset.code === current.dataset.code).forEach((sheet) => judge(sheet, "ok")),
    x: () => { judge(current, "not_ok"); choose(true); },
    p: () => { const button = act("pass"); if (button) form.requestSubmit(button); },
  };

  function keyOf(event) {
    if (event.shiftKey && event.key.startsWith("Arrow")) return `Shift ${event.key}`;
    if (event.shiftKey && event.key.toLowerCase() === "a") return "A";
    return event.key.length === 1 ? event.key.toLowerCase() : event.key;
  }

  document.addEventListener("keydown", (event) => {
    if (!plain(event) || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target)) return;
    const key = keyOf(event);
    const found = choosing && /^[1-9]$/.test(key) ? () => reason(Number(key)) : (deciding && judging[key]) || keys[key];
    if (!found || event.repeat && !key.includes("Arrow")) return;
    event.preventDefault();
    found();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) doing[button.dataset.do]();
    const link = event.target.closest("a[href^='#']");
    const sheet = link && document.getElementById(link.hash.slice(1));
    if (sheet && sheets.includes(sheet)) { event.preventDefault(); show(sheet); }
  });
  // Enter in a field is no decision.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  });

  // --- the page opens on what is wrong, new, or not judged yet; the hold is renewed while it is open ---------

  tools.hidden = false;
  form.querySelectorAll("[data-do][hidden]").forEach((button) => { button.hidden = false; });
  document.querySelectorAll("[data-error-summary] a").forEach((link) => link.addEventListener("click", () => {
    const sheet = document.getElementById(link.hash.slice(1));
    if (sheets.includes(sheet)) show(sheet);
  }));
  const asked = location.hash && document.getElementById(location.hash.slice(1));
  const first = form.querySelector(".sheet-wrong") || (sheets.includes(asked) && asked)
    || pictures.find((sheet) => judgeable(sheet) && !verdictOf(sheet)) || sheets[0];
  show(first);
  mark();
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  if (form.dataset.hold) {
    const renew = () => fetch(form.dataset.hold, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => {});
    setInterval(renew, 5 * 60 * 1000);
  }
  if (form.dataset.draft) keepDraft();
  if (form.dataset.ahead) window.addEventListener("load", () => setTimeout(fetchAhead, 800));

  // Verdicts are kept as they are given; without a connection they wait here and are sent when it is back.
  function keepDraft() {
    const answers = () => {
      const found = new URLSearchParams();
      new FormData(form).forEach((value, name) => { if (/^(seen|image-)/.test(name) && typeof value === "string") found.append(name, value); });
      return found;
    };
    let kept = answers().toString();
    let waiting = 0;
    let leaving = false;
    const send = () => {
      clearTimeout(waiting);
      const now = answers().toString();
      if (now === kept || leaving) return;
      fetch(form.dataset.draft, {
        method: "POST", keepalive: true, body: new URLSearchParams(now), headers: { "X-CSRFToken": token },
      }).then((answer) => {
        if (answer.ok) kept = now;
        else leaving = answer.status === 409;
      }).catch(() => { waiting = setTimeout(send, 5000); });
    };
    const soon = () => { clearTimeout(waiting); waiting = setTimeout(send, 400); };
    form.addEventListener("change", soon);
    form.addEventListener("input", soon);
    form.addEventListener("judged", soon);
    form.addEventListener("submit", (event) => {
      if (event.submitter && event.submitter.dataset.act) leaving = true; // decided: what is sent now would come too late
      else send();
    });
    window.addEventListener("online", send);
    window.addEventListener("pagehide", send);
  }

  // The next case's pictures, one after the other, into the browser's own cache.
  async function fetchAhead() {
    try {
      const answer = await fetch(form.dataset.ahead, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      for (const address of (await answer.json()).pictures) await (await fetch(address, { priority: "low" })).blob();
    } catch { /* the next page fetches what is missing */ }
  }
}
