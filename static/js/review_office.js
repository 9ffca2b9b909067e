// What reviewers write beside a decision unfolds on the case page: its first field has the focus then.
"use strict";

document.querySelectorAll("details.remark-new").forEach((details) => {
  details.addEventListener("toggle", () => { if (details.open) details.querySelector("textarea").focus(); });
});
