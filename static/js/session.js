// Whether one is still logged in, asked before anything that was typed is sent: a login page in answer would lose it.
//   session.alive()               → Promise<boolean>
//   session.state()               → Promise<"alive" | "ended" | "other" | "offline" | "busy">
//   session.post(address, body)   → Promise<"kept" | "refused" | one of the states>, never led on to another page
//   session.tell(state, place)    says it, at the top of the page or in `place`, until it is over; tell("alive") takes it back
// Tells the document "session:back" when it is over. Forms that are posted from <main> ask by themselves.
// The page has [data-account] (whose it is) and <template data-session-note> with a sentence for each state.
"use strict";

window.session = (() => {
  const ADDRESS = "/session/";
  const AGAIN = 10_000; // milliseconds
  const owner = document.querySelector("[data-account]")?.dataset.account;
  const tokens = () => document.querySelectorAll("[name=csrfmiddlewaretoken]");
  let token = tokens()[0]?.value;
  let note = null;
  let timer = 0;

  async function state() {
    try {
      const answer = await fetch(ADDRESS, { redirect: "manual", cache: "no-store", headers: { Accept: "application/json" } });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "ended";
      if (!answer.ok) return "busy";
      const { account } = await answer.json();
      if (owner && owner !== String(account)) return "other";
    } catch { return "offline"; }
    // a new log-in has a new token; only for the same person, since a page of somebody else's must not be sent
    const now = window.csrfToken();
    if (now && now !== token) {
      token = now;
      tokens().forEach((field) => { field.value = token; });
    }
    return "alive";
  }
  const alive = async () => (await state()) === "alive";

  async function post(address, body, again = true) {
    const said = new URLSearchParams(body);
    said.set("csrfmiddlewaretoken", token); // not as a header of ours: Chrome 80 sends none with what outlives the page
    let answer;
    try {
      answer = await fetch(address, { method: "POST", redirect: "manual", keepalive: true, body: said });
    } catch { return "offline"; }
    if (answer.ok) return "kept";
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      const now = await state();
      if (now !== "alive") return now;
      return again ? post(address, body, false) : "refused"; // logged in again elsewhere
    }
    return answer.status >= 500 || answer.status === 429 ? "busy" : "refused";
  }

  // --- saying so --------------------------------------------------------------------------------------------

  function tell(now, place = null) {
    clearTimeout(timer);
    if (now === "alive") {
      if (note) document.dispatchEvent(new Event("session:back"));
      note?.remove();
      note = null;
      return;
    }
    const made = document.querySelector("template[data-session-note]").content.firstElementChild.cloneNode(true);
    made.querySelectorAll("[data-when]").forEach((one) => { if (!one.dataset.when.split(" ").includes(now)) one.remove(); });
    const where = place || document.body;
    if (note?.innerHTML !== made.innerHTML || note.parentElement !== where) {
      note?.remove();
      note = made;
      where.append(note);
    }
    if (now !== "refused") timer = setTimeout(look, AGAIN);
  }
  async function look() {
    if (!note || note.querySelector("[data-when~=refused]")) return;
    const now = await state();
    if (note) tell(now, note.parentElement); // else something was kept meanwhile, which has said that all is well
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  window.addEventListener("focus", look);
  window.addEventListener("online", look);

  // --- forms ------------------------------------------------------------------------------------------------

  const asked = new WeakSet(); // forms that may go

  window.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (form.method !== "post" || !form.closest("main, [role=search]")) return;
    if (asked.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if ("asking" in form.dataset) return;
    form.dataset.asking = "";
    const now = await state();
    delete form.dataset.asking;
    if (now !== "alive") {
      tell(now, submitter?.closest(".btn-row, .case-acts") || submitter?.parentElement || form);
      note.scrollIntoView({ block: "nearest" });
      return;
    }
    asked.add(form);
    form.requestSubmit(submitter);
    asked.delete(form); // where it was not valid
  }, true);

  return { alive, state, post, tell };
})();
