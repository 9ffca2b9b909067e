// Replaced and owed pictures, large in a dialog. Without it the link's address opens the same (case.css, :target).
"use strict";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-larger]");
  const open = event.target.closest("[data-smaller]")?.closest("dialog[open]");
  if (!opener && !open) return;
  event.preventDefault();
  if (opener) document.getElementById(opener.hash.slice(1)).showModal();
  else open.close();
});
