/* What is typed into a section is kept on the server a second after the last key; nothing is saved by it.
     formDrafts.begin(forms)   these forms have just been drawn
     formDrafts.anew(form)     what it keeps has been saved; what was typed meanwhile has not
     formDrafts.settle(form)   → Promise: nothing of this form is on its way any more
     formDrafts.isKept(form)   the server has what stands in it */
"use strict";

window.formDrafts = (() => {
  const PAUSE = 1000; // milliseconds after the last key
  const AGAIN = 5000;
  const MOST = 60_000; // bytes that a browser still sends for a page that is left
  const CARRIED = ["csrfmiddlewaretoken", "application", "section", "seen", "drawn", "form_of", "page", "draft"];
  const LOST = "网络中断，刚填写的内容还没有暂存；网络恢复后会自动暂存。";
  const ENDED = "登录已过期。您填写的内容还在这一页上：请先";
  const begun = new Map(); // form → { drawn, kept (its answers then), timer, sent (a promise), stopped }

  const sending = (form) => new URLSearchParams(new FormData(form));
  const answers = (form) => {
    const found = sending(form);
    CARRIED.forEach((name) => found.delete(name));
    return found.toString();
  };
  const isKept = (form) => !begun.has(form) || begun.get(form).kept === answers(form);

  // --- what is said ---------------------------------------------------------------------------------------------

  const note = (form, ...words) => form.querySelector("[data-draft-note]").replaceChildren(...words);
  const login = () => {
    const link = document.createElement("a");
    Object.assign(link, { href: "/login/", target: "_blank", textContent: "登录（新窗口）" });
    return link;
  };
  const tell = (form, sentence, over = false) => {
    const box = form.querySelector("[data-another]");
    box.hidden = !sentence;
    box.querySelector("[data-another-text]").textContent = sentence;
    box.querySelector("[data-over]").hidden = !over;
  };

  // Characters that no font has: told beside their fields while one types.
  const tellOfRare = (form, told) => {
    for (const old of form.querySelectorAll("[data-rare]")) old.remove();
    for (const [name, sentence] of Object.entries(told)) {
      const field = form.elements.namedItem(name);
      if (!(field instanceof HTMLElement) || field.parentElement.textContent.includes(sentence)) continue;
      const line = document.createElement("strong");
      line.className = "field-warning";
      line.dataset.rare = "";
      line.setAttribute("role", "status");
      line.textContent = sentence;
      field.after(line);
    }
  };

  // --- keeping --------------------------------------------------------------------------------------------------

  const post = async (form, over) => {
    const state = begun.get(form);
    const now = answers(form);
    if (!state || (now === state.kept && !over) || (state.stopped && !over)) return;
    const body = sending(form);
    if (window.csrfToken()) body.set("csrfmiddlewaretoken", window.csrfToken());
    if (now === state.drawn) body.set("drop", "1"); // all is as it was: there is nothing to keep
    if (over) body.set("over", "1");
    const keepalive = body.toString().length < MOST;
    let answer;
    let said = {};
    try {
      const headers = { Accept: "application/json" };
      answer = await fetch(form.dataset.keep, { method: "POST", redirect: "manual", keepalive, headers, body });
      if (answer.ok || answer.status === 409) said = await answer.json();
    } catch {
      note(form, LOST);
      soon(form, AGAIN);
      return;
    }
    if (answer.ok) {
      state.kept = now;
      state.stopped = false;
      form.elements.draft.value = said.draft;
      note(form, said.at ? `${said.at} 已暂存，还没有保存。` : "");
      tell(form, said.message || "");
      tellOfRare(form, said.rare || {});
    } else if (answer.status === 409) {
      state.stopped = true; // until the candidate has chosen
      tell(form, said.another ? `${said.message}请到那个页面保存，或者` : said.message, said.another);
    } else if (answer.type === "opaqueredirect" || answer.status === 403) {
      note(form, ENDED, login(), "，再回到这里继续。");
    } else {
      soon(form, AGAIN);
    }
  };
  const send = (form, over = false) => {
    const state = begun.get(form);
    clearTimeout(state.timer);
    state.sent = state.sent.then(() => post(form, over)); // one after another: the last that is sent arrives last
  };
  function soon(form, pause = PAUSE) {
    const state = begun.get(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => send(form), pause);
  }

  const begin = (forms) => forms.forEach((form) => {
    if (begun.has(form)) return;
    const shown = answers(form);
    begun.set(form, { drawn: "changed" in form.dataset ? null : shown, kept: shown, sent: Promise.resolve() });
  });
  const anew = (form) => {
    Object.assign(begun.get(form), { drawn: null, kept: null });
    soon(form);
  };
  const settle = async (form) => {
    clearTimeout(begun.get(form)?.timer);
    await begun.get(form)?.sent;
  };

  // --- when -----------------------------------------------------------------------------------------------------

  const typed = () => [...begun.keys()].filter((form) => form.isConnected && !isKept(form) && !form.dataset.saving);
  ["input", "change"].forEach((kind) => document.addEventListener(kind, (event) => {
    const form = event.target.closest("form[data-keep]");
    if (begun.has(form)) soon(form);
  }));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-over]");
    if (button) send(button.form, true);
  });
  const now = () => typed().forEach((form) => send(form));
  ["online", "focus", "pagehide"].forEach((kind) => window.addEventListener(kind, now));
  document.addEventListener("visibilitychange", now);

  return { begin, anew, settle, isKept };
})();
