// A replaced picture beside the new one, in a dialog: both as wide as their panes, zoomed (wheel, keys, two fingers) and moved together.
"use strict";

document.querySelectorAll("[data-compare]").forEach((dialog) => {
  const panes = [...dialog.querySelectorAll("[data-pane]")];
  const pictures = panes.map((pane) => [...pane.querySelectorAll("img")]);
  const most = Math.max(...pictures.map((side) => side.length));
  const [LEAST, LARGEST, STEP] = [.5, 8, 1.25];
  let pair = 0;
  let [scale, x, y] = [1, 0, 0];
  const held = new Map(); // by pointer: where in its pane it holds the pictures

  function draw() {
    panes.forEach((pane, side) => pictures[side].forEach((image, index) => {
      image.hidden = index !== Math.min(pair, pictures[side].length - 1);
      image.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    }));
    dialog.querySelector("[data-compare-place]").textContent = most > 1 ? `${pair + 1} / ${most}` : "";
  }
  function fit() { [scale, x, y] = [1, 0, 0]; draw(); }
  function zoom(by, [across, down] = [panes[0].clientWidth / 2, panes[0].clientHeight / 2]) {
    const to = Math.min(LARGEST, Math.max(LEAST, scale * by));
    x = across - (across - x) * to / scale; // what lies under the pointer stays there
    y = down - (down - y) * to / scale;
    scale = to;
    draw();
  }
  function move(right, down) { x += right; y += down; draw(); }
  function step(by) { pair = Math.min(most - 1, Math.max(0, pair + by)); fit(); }

  const far = () => panes[0].clientHeight / 6;
  const doing = { smaller: () => zoom(1 / STEP), larger: () => zoom(STEP), previous: () => step(-1), next: () => step(1), fit };
  const keys = {
    "+": doing.larger, "=": doing.larger, "-": doing.smaller, 0: fit, ArrowLeft: doing.previous, ArrowRight: doing.next,
    ArrowUp: () => move(0, far()), ArrowDown: () => move(0, -far()), PageUp: () => move(0, 5 * far()), PageDown: () => move(0, -5 * far()),
    "Shift ArrowLeft": () => move(far(), 0), "Shift ArrowRight": () => move(-far(), 0), "Shift ArrowUp": () => move(0, far()), "Shift ArrowDown": () => move(0, -far()),
  };
  document.addEventListener("review:key", (event) => {
    if (!dialog.open) return;
    const { key, shift } = event.detail;
    const found = keys[shift && key.startsWith("Arrow") ? `Shift ${key}` : key];
    if (!found) return;
    event.preventDefault();
    found();
  });
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("[data-compare-do]");
    if (button) doing[button.dataset.compareDo]();
  });

  // The middle of the fingers, and how far two of them are apart (0 for one).
  function grip() {
    const places = [...held.values()];
    const mean = (axis) => places.reduce((sum, one) => sum + one[axis], 0) / places.length;
    const [first, second] = places;
    return { x: mean(0), y: mean(1), wide: second ? Math.hypot(first[0] - second[0], first[1] - second[1]) : 0 };
  }

  panes.forEach((pane) => {
    pane.addEventListener("wheel", (event) => {
      event.preventDefault();
      const { left, top } = pane.getBoundingClientRect();
      zoom(event.deltaY < 0 ? STEP : 1 / STEP, [event.clientX - left, event.clientY - top]);
    }, { passive: false });
    const place = (event) => {
      const { left, top } = pane.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    pane.addEventListener("pointerdown", (event) => {
      held.set(event.pointerId, place(event));
      pane.setPointerCapture(event.pointerId);
    });
    pane.addEventListener("pointermove", (event) => {
      if (!held.has(event.pointerId)) return;
      const before = grip();
      held.set(event.pointerId, place(event));
      const now = grip();
      move(now.x - before.x, now.y - before.y);
      if (before.wide && now.wide) zoom(now.wide / before.wide, [now.x, now.y]); // two fingers
    });
    ["pointerup", "pointercancel"].forEach((end) => pane.addEventListener(end, (event) => held.delete(event.pointerId)));
  });
  draw();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-compares]");
  if (opener) document.querySelector(`[data-compare="${opener.dataset.compares}"]`).showModal();
});
