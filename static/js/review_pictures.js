// The stage of the case page: viewerjs with one picture after the other, as large as the stage allows, zoomed by wheel,
// pinch and keys, moved by dragging, turned for this look only. Keys, titles and buttons are the page's own.
"use strict";

window.reviewPictures = (frame, images, { shown, failed }) => {
  const stage = frame.querySelector("[data-stage]");
  const gallery = document.createElement("div");
  const turns = new Map();
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

  const fit = () => {
    if (!viewer.viewed) return;
    const { naturalWidth, naturalHeight, rotate } = viewer.imageData;
    const [width, height] = rotate % 180 ? [naturalHeight, naturalWidth] : [naturalWidth, naturalHeight];
    const scale = Math.min((stage.clientWidth - 1) / width, (stage.clientHeight - 1) / height); // within it: else no swiping
    viewer.zoomTo(scale);
    viewer.moveTo((stage.clientWidth - naturalWidth * scale) / 2, (stage.clientHeight - naturalHeight * scale) / 2);
  };
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
  const resize = () => { if (viewer.viewed && !frame.hidden) { viewer.resize(); fit(); } };
  window.addEventListener("resize", () => setTimeout(resize)); // after viewerjs, which has its own

  return {
    view(index) {
      const was = frame.hidden;
      frame.hidden = index < 0;
      if (index < 0) return;
      viewer.view(index);
      if (was) resize();
    },
    fit,
    larger: (by) => viewer.zoom(by, true, { x: stage.clientWidth / 2, y: stage.clientHeight / 2 }),
    move: (right, down) => viewer.move(right * stage.clientWidth / 6, down * stage.clientHeight / 6),
    turn() {
      turns.set(viewer.index, ((turns.get(viewer.index) || 0) + 90) % 360);
      viewer.rotateTo(turns.get(viewer.index));
      fit();
    },
  };
};
