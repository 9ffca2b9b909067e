// The waiting room's screen asks for its numbers by itself, so that a server that restarts leaves the old ones standing
// and a sentence below them. The page refreshes as a whole only where no script runs: a reload that fails would end it.
"use strict";

(() => {
  const EVERY = 5000; // milliseconds
  const LONGEST = 10000; // milliseconds: an answer that never comes is none
  const cut = document.querySelector("[data-board-cut]");
  let failed = 0;

  async function look() {
    const patience = new AbortController();
    const end = setTimeout(() => patience.abort(), LONGEST);
    try {
      const asked = { cache: "no-store", credentials: "omit", signal: patience.signal };
      const answer = await fetch(window.location.pathname, asked);
      if (answer.status === 404) { // revoked: the page that says so takes this one's place
        window.location.reload();
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.querySelector("[data-board]").replaceWith(page.querySelector("[data-board]"));
      failed = 0;
    } catch (error) {
      failed += 1;
    }
    clearTimeout(end);
    cut.hidden = failed < 2;
    setTimeout(look, EVERY);
  }
  setTimeout(look, EVERY);
})();
