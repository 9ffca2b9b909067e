// The whole form is kept as it is filled in; without a connection, or logged out, it waits here and is sent when it is
// back. While the case is open its hold is renewed, and what has become of it meanwhile, or of the log-in, is said.
"use strict";

window.keepDraft = (form) => {
  const PAUSE = 1000; // milliseconds after the last key
  const LOOK = 20_000;

  const answers = () => {
    const found = new URLSearchParams();
    new FormData(form).forEach((value, name) => { if (name !== "csrfmiddlewaretoken" && typeof value === "string") found.append(name, value); });
    return found.toString();
  };
  // what has been seen alone is no reason to keep a draft, but goes along with one
  const typed = (all) => all.replace(/(^|&)displayed=[^&]*/, "");
  let kept = typed(answers());
  let waiting = 0;
  let troubled = false; // it has been said that they are not kept
  let leaving = false;
  let sent = Promise.resolve();

  const isKept = () => typed(answers()) === kept;
  const post = async () => {
    clearTimeout(waiting);
    const now = answers();
    if (typed(now) === kept || leaving) return;
    const outcome = await window.session.post(form.dataset.draft, new URLSearchParams(now));
    if (leaving) return;
    if (outcome === "kept") {
      kept = typed(now);
      window.session.tell("alive");
      if (troubled) window.reviewSay("审核意见已保存。");
      troubled = false;
      return;
    }
    troubled = true;
    window.session.tell(outcome);
    if (outcome === "refused") leaving = true; // decided by somebody else: nothing of this page counts any more
    else waiting = setTimeout(send, 5000);
  };
  const send = () => { sent = sent.then(post); }; // one after another: the last that is sent is the last that arrives
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(send, PAUSE); };

  ["change", "input", "judged"].forEach((kind) => form.addEventListener(kind, soon));
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.dataset.act) leaving = true; // decided: what is sent now would come too late
    else send();
  });
  ["online", "session:back"].forEach((kind) => [window, document].forEach((one) => one.addEventListener(kind, send)));
  window.addEventListener("pagehide", post);
  window.addEventListener("beforeunload", (event) => { if (troubled && !leaving && !isKept()) event.preventDefault(); });

  // --- the hold, and what others do meanwhile ---------------------------------------------------------------------

  async function look() {
    if (leaving || document.hidden) return;
    const outcome = await window.session.post(form.dataset.hold, new URLSearchParams({ seen: form.elements.seen.value }));
    if (leaving || outcome === "kept") return;
    window.session.tell(outcome);
    if (outcome === "refused") leaving = true;
  }
  if (form.dataset.hold) {
    setInterval(look, LOOK);
    document.addEventListener("visibilitychange", look); // a page that comes back is looked after at once
  }

  document.addEventListener("review:keep", (event) => {
    send();
    event.detail.push(sent.then(isKept));
  });
  document.addEventListener("review:leave", () => { leaving = true; });
};
