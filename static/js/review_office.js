// What reviewers write beside a decision unfolds on the case page: its first field has the focus then. What was written
// last is unfolded where the page is opened for it.
"use strict";

document.querySelectorAll("details.remark-new").forEach((details) => {
  details.addEventListener("toggle", () => { if (details.open) details.querySelector("textarea").focus(); });
});

(() => {
  const asked = location.hash && document.getElementById(location.hash.slice(1));
  if (asked && asked.matches("details.remarks")) asked.open = true;
})();
