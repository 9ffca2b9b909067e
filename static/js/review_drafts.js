// Verdicts are kept as they are given; without a connection, or logged out, they wait here and are sent when it is back.
"use strict";

window.keepDraft = (form) => {
  const answers = () => {
    const found = new URLSearchParams();
    new FormData(form).forEach((value, name) => { if (/^(seen|image-)/.test(name) && typeof value === "string") found.append(name, value); });
    return found.toString();
  };
  let kept = answers();
  let waiting = 0;
  let troubled = false; // it has been said that they are not kept
  let leaving = false;
  let sent = Promise.resolve();

  const post = async () => {
    clearTimeout(waiting);
    const now = answers();
    if (now === kept || leaving) return;
    const outcome = await window.session.post(form.dataset.draft, new URLSearchParams(now));
    if (leaving) return;
    if (outcome === "kept") {
      kept = now;
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
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(send, 400); };

  ["change", "input", "judged"].forEach((kind) => form.addEventListener(kind, soon));
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.dataset.act) leaving = true; // decided: what is sent now would come too late
    else send();
  });
  ["online", "session:back"].forEach((kind) => [window, document].forEach((one) => one.addEventListener(kind, send)));
  window.addEventListener("pagehide", post);
  window.addEventListener("beforeunload", (event) => { if (troubled && !leaving && answers() !== kept) event.preventDefault(); });

  document.addEventListener("review:keep", (event) => {
    send();
    event.detail.push(sent.then(() => answers() === kept));
  });
  document.addEventListener("review:leave", () => { leaving = true; });
};
