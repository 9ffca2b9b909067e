// How far the downloads have come, asked for every two seconds while one is running.
"use strict";

const runs = document.querySelector("[data-runs]");
if (runs) {
  let timer = 0;
  let atLeast = 0; // how often to ask even where nothing runs: a download that was just clicked begins in a moment

  const ask = async () => {
    try {
      const answer = await fetch(runs.dataset.runs);
      if (answer.ok && !answer.redirected) runs.innerHTML = await answer.text();
    } catch { /* no connection: the next time */ }
    atLeast -= 1;
    timer = 0;
    follow();
  };
  const follow = () => {
    if (!timer && (atLeast > 0 || runs.querySelector("[data-state=running]"))) timer = setTimeout(ask, 2000);
  };

  document.querySelectorAll("[data-download]").forEach((link) => link.addEventListener("click", () => { atLeast = 5; follow(); }));
  follow();
}
