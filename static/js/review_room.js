// The case page's room: the column of fields folded away (C), the picture over the whole window (Z). Remembered; where
// nothing is, the column is folded as soon as a sheet of A4 would be illegible beside it.
"use strict";

window.reviewRoom = (form, changed) => {
  const NARROW = 700; // pixels of the stage
  const page = document.documentElement;
  const columns = form.querySelector(".case");
  const viewer = form.querySelector(".case-viewer");
  const kept = window.reviewKept;
  const button = (name) => form.querySelector(`[data-do="${name}"]`);

  function draw(name, on) {
    if (name === "fold") columns.classList.toggle("is-folded", on);
    else page.classList.toggle("is-full", on);
    button(name).setAttribute("aria-pressed", String(on));
    changed();
  }
  function toggle(name) {
    const on = button(name).getAttribute("aria-pressed") !== "true";
    kept.set(name, on ? "yes" : "no");
    if (name === "full" && on && page.requestFullscreen) page.requestFullscreen().catch(() => {}); // else the window alone
    if (name === "full" && !on && document.fullscreenElement) document.exitFullscreen();
    draw(name, on);
  }
  document.addEventListener("fullscreenchange", () => {
    if (document.fullscreenElement || !page.classList.contains("is-full")) return;
    kept.set("full", "no"); // left by the browser's own key
    draw("full", false);
  });

  if (kept.get("full") === "yes") draw("full", true);
  if (kept.get("fold") ? kept.get("fold") === "yes" : viewer.clientWidth < NARROW) draw("fold", true);
  return { fold: () => toggle("fold"), full: () => toggle("full") };
};
