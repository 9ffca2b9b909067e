// The stage of the case page: viewerjs with one picture after the other, fitted to its width, whole, or pixel by pixel
// (remembered, and how far it is zoomed beyond that), zoomed by wheel, pinch and keys, moved by dragging, turned for
// this look only. Keys, titles and buttons are the page's own.
"use strict";

// What a reviewer has arranged, in this browser: "review-" and its name. Nothing where the browser keeps nothing.
window.reviewKept = {
  get(name) { try { return localStorage.getItem(`review-${name}`) || ""; } catch { return ""; } },
  set(name, value) { try { localStorage.setItem(`review-${name}`, value); } catch { /* not remembered */ } },
};

window.reviewPictures = (frame, images, { shown, failed, changed }) => {
  const LEGIBLE = { share: .6, width: 700 }; // of the stored width; or pixels on the screen (a stage that is filled)
  const FITS = ["width", "whole", "one"];
  const stage = frame.querySelector("[data-stage]");
  const gallery = document.createElement("div");
  const turns = new Map();
  const kept = window.reviewKept;
  let mode = FITS.includes(kept.get("fit")) ? kept.get("fit") : FITS[0];
  let beyond = Math.min(8, Math.max(.2, Number(kept.get("zoom")) || 1)); // times the fitted size
  let fitting = false; // what is zoomed now is zoomed by the page
  gallery.hidden = true;
  // viewerjs waits for all of these before it begins: a dot each, the pictures themselves come one by one
  images.forEach((image) => {
    const one = new Image(1, 1);
    one.src = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=";
    one.alt = image.alt;
    one.dataset.address = image.src;
    gallery.append(one);
  });
  stage.append(gallery);
  frame.hidden = false;

  // Width and height as they lie on the stage, of the stored picture and of the one that is shown.
  function sizes() {
    const { naturalWidth, naturalHeight, rotate, ratio } = viewer.imageData;
    const [width, height] = rotate % 180 ? [naturalHeight, naturalWidth] : [naturalWidth, naturalHeight];
    return { naturalWidth, naturalHeight, width, height, ratio };
  }
  function fitted({ width, height }) {
    if (mode === "one") return 1;
    const across = (stage.clientWidth - 1) / width; // within it: else no swiping
    return mode === "width" ? across : Math.min(across, (stage.clientHeight - 1) / height);
  }
  // A picture that is taller than the stage begins at its upper edge.
  function fit() {
    if (!viewer.viewed) return;
    const { naturalWidth, naturalHeight, width, height } = sizes();
    const scale = fitted({ width, height }) * beyond;
    fitting = true;
    viewer.zoomTo(scale);
    fitting = false;
    const across = Math.max(0, (stage.clientWidth - width * scale) / 2);
    const down = Math.max(0, (stage.clientHeight - height * scale) / 2);
    viewer.moveTo(across + (width - naturalWidth) * scale / 2, down + (height - naturalHeight) * scale / 2);
  }
  const viewer = new Viewer(gallery, {
    inline: true, url: "data-address", initialCoverage: 1, loop: false, preload: false, transition: false, zoomRatio: .2, minZoomRatio: .05, maxZoomRatio: 8,
    keyboard: false, button: false, navbar: false, title: false, toolbar: false, rotateOnTouch: false, rotateOnGesture: false,
  });
  gallery.addEventListener("view", ({ detail }) => {
    detail.image.addEventListener("error", () => { detail.image.hidden = true; failed(detail.index); }, { once: true });
  });
  gallery.addEventListener("viewed", ({ detail }) => {
    viewer.rotateTo(turns.get(detail.index) || 0);
    fit();
    if (images[detail.index + 1]) new Image().src = images[detail.index + 1].src; // viewerjs 1.15 fails at the last one
    shown(detail.index);
  });
  gallery.addEventListener("zoomed", () => {
    if (fitting || !viewer.viewed) return;
    beyond = viewer.imageData.ratio / fitted(sizes());
    kept.set("zoom", beyond);
    changed();
  });
  const resize = () => { if (viewer.viewed && !frame.hidden) { viewer.resize(); fit(); changed(); } };
  window.addEventListener("resize", () => setTimeout(resize)); // after viewerjs, which has its own

  // viewerjs turns the page where a picture lies within the stage; one that is only taller is swept aside like it.
  let finger = null;
  stage.addEventListener("pointerdown", (event) => {
    finger = event.pointerType === "touch" && event.isPrimary ? event : null;
  }, true);
  window.addEventListener("pointerup", (event) => {
    if (!finger || !event.isPrimary || !viewer.viewed) return;
    const [across, down] = [event.clientX - finger.clientX, event.clientY - finger.clientY];
    finger = null;
    const { width, height, ratio } = sizes();
    const isTaller = height * ratio > stage.clientHeight && width * ratio <= stage.clientWidth + 1;
    const to = viewer.index - Math.sign(across);
    if (isTaller && Math.abs(across) > stage.clientWidth / 4 && Math.abs(across) > 2 * Math.abs(down) && images[to]) viewer.view(to);
  }, true);

  return {
    view(index) {
      const was = frame.hidden;
      frame.hidden = index < 0;
      if (index < 0) return;
      if (viewer.viewed && viewer.index === index) shown(index); // it lies there already
      else viewer.view(index);
      if (was) resize();
    },
    resize,
    // The fit that is shown, or the next one; 0 goes back from any zoom to the fit itself.
    fit(next) {
      if (next) mode = FITS[(FITS.indexOf(mode) + 1) % FITS.length];
      beyond = 1;
      kept.set("fit", mode);
      kept.set("zoom", 1);
      fit();
      changed();
      return mode;
    },
    isLegible() {
      if (!viewer.viewed) return false;
      const { width, ratio } = sizes();
      return ratio >= LEGIBLE.share - .001 || width * ratio >= LEGIBLE.width;
    },
    larger: (by) => viewer.zoom(by, true, { x: stage.clientWidth / 2, y: stage.clientHeight / 2 }),
    move: (right, down) => viewer.move(right * stage.clientWidth / 6, down * stage.clientHeight / 6),
    turn() {
      turns.set(viewer.index, ((turns.get(viewer.index) || 0) + 90) % 360);
      viewer.rotateTo(turns.get(viewer.index));
      fit();
      changed();
    },
  };
};
