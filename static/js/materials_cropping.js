/* The sheets in which one works on a picture before it is sent: cut (by hand, or by the four sliders), and straightened
   (by its four corners). Each gives a new file, or null where the person went back. Fetched with the first file. */
"use strict";

window.materialsCropping = (() => {
  const { PLACES, Unfit, redrawn, script, styles } = window.materialsPictures;

  const SHOWN = 1600; // pixels a side, of what one works on

  // The file's picture, turned, as an image that is ready.
  const imageOf = async (file, quarters, alt) => {
    const image = document.createElement("img");
    image.alt = alt;
    const address = URL.createObjectURL(await redrawn(file, { quarters, longest: SHOWN }));
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
      image.src = address;
    });
    return { image, address };
  };

  // What the sheet leads to: the work of [data-take], or null where it is closed otherwise. `ended` puts things away.
  const settled = (sheet, take, ended) => new Promise((resolve, reject) => {
    let taken = null;
    sheet.querySelector("[data-take]").onclick = () => {
      taken = take();
      sheet.close();
    };
    sheet.addEventListener("close", () => {
      ended();
      Promise.resolve(taken).then(resolve, reject);
    }, { once: true });
  });

  // --- cutting ----------------------------------------------------------------------------------------------------

  // Fetches what cuts: with the first file, so that it is there when it is asked for, whatever the network does then.
  const prepare = () => Promise.all([script(PLACES.cropper), styles(PLACES.cropperLook)]).catch(() => {
    throw new Unfit("裁剪工具没有下载下来：请在网络恢复后再按一次“裁剪”，或直接上传。");
  });

  // `say` tells of the turns.
  const cropped = async (file, say) => {
    await prepare();
    const sheet = document.querySelector("[data-crop]");
    const stage = sheet.querySelector("[data-stage]");
    const sides = {};
    sheet.querySelectorAll("[data-side]").forEach((one) => { sides[one.dataset.side] = one; });
    let cropper = null;
    let following = false;
    let quarters = 0;
    let address = "";

    const tell = () => { // the sliders follow what is drawn by hand
      if (following || !cropper.ready) return;
      const box = cropper.getData();
      const { naturalWidth: width, naturalHeight: height } = cropper.getImageData();
      sides.left.value = (box.x / width) * 100;
      sides.top.value = (box.y / height) * 100;
      sides.right.value = 100 - ((box.x + box.width) / width) * 100;
      sides.bottom.value = 100 - ((box.y + box.height) / height) * 100;
    };
    const follow = (event) => { // and the other way round; a tenth of the picture always stays
      const opposite = { left: "right", right: "left", top: "bottom", bottom: "top" }[event.target.dataset.side];
      event.target.value = Math.min(event.target.value, 90 - sides[opposite].value);
      const part = (side) => Number(sides[side].value) / 100;
      const { naturalWidth: width, naturalHeight: height } = cropper.getImageData();
      following = true;
      cropper.setData({
        x: part("left") * width,
        y: part("top") * height,
        width: (1 - part("left") - part("right")) * width,
        height: (1 - part("top") - part("bottom")) * height,
      });
      following = false;
    };
    const lay = async () => {
      const found = await imageOf(file, quarters, "要裁剪的图片");
      if (cropper) cropper.destroy();
      URL.revokeObjectURL(address);
      address = found.address;
      Object.values(sides).forEach((one) => { one.value = 0; });
      stage.replaceChildren(found.image);
      await new Promise((resolve) => {
        cropper = new Cropper(found.image, {
          viewMode: 1,
          autoCropArea: 1,
          checkOrientation: false,
          background: false,
          zoomable: false,
          rotatable: false,
          responsive: false,
          toggleDragModeOnDblclick: false,
          crop: tell,
          ready: resolve,
        });
      });
    };
    let done = Promise.resolve(); // one after another: a picture that is being drawn cannot be asked
    const next = (work) => {
      const told = done.then(work);
      done = told.catch(() => {});
      return told;
    };
    const turn = () => next(async () => {
      quarters += 1;
      await lay();
      say(quarters % 4 ? `已向右转 ${(quarters % 4) * 90}°。` : "已转回原来的方向。");
    });
    const fitAgain = () => next(async () => { // a phone was turned, a window resized
      const box = cropper.getData();
      await lay();
      cropper.setData(box);
    });
    const take = () => next(() => {
      const { x, y, width, height } = cropper.getData();
      const { naturalWidth, naturalHeight } = cropper.getImageData();
      const box = { left: x / naturalWidth, top: y / naturalHeight, width: width / naturalWidth, height: height / naturalHeight };
      return redrawn(file, { quarters: quarters % 4, box });
    });

    Object.values(sides).forEach((one) => { one.oninput = follow; });
    window.addEventListener("resize", fitAgain);
    sheet.querySelector("[data-turn]").onclick = turn;
    sheet.showModal();
    const result = settled(sheet, take, () => {
      window.removeEventListener("resize", fitAgain);
      next(() => {
        cropper.destroy();
        URL.revokeObjectURL(address);
        stage.replaceChildren();
      });
    });
    next(lay).catch(() => sheet.close());
    return result;
  };

  // --- straightening ----------------------------------------------------------------------------------------------

  const NAMES = ["左上角", "右上角", "右下角", "左下角"];
  const FIRST = [[0.08, 0.08], [0.92, 0.08], [0.92, 0.92], [0.08, 0.92]]; // shares of width and height
  const STEP = 0.005; // of an arrow key; with Shift ten times as much
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const LEAST = 0.04; // of the picture's area, as shares: less is a slip of the hand

  // Whether the corners go round clockwise with no dent: only then is there a paper between them.
  const isPaper = (corners) => {
    const turns = corners.map(([x, y], place) => {
      const [next, after] = [corners[(place + 1) % 4], corners[(place + 2) % 4]];
      return (next[0] - x) * (after[1] - next[1]) - (next[1] - y) * (after[0] - next[0]);
    });
    const area = corners.reduce((sum, [x, y], place) => {
      const next = corners[(place + 1) % 4];
      return sum + (x * next[1] - next[0] * y) / 2;
    }, 0);
    return turns.every((one) => one > 0.001) && area >= LEAST;
  };

  const straightened = async (file, say) => {
    const sheet = document.querySelector("[data-straighten]");
    const stage = sheet.querySelector("[data-stage]");
    const corners = FIRST.map((one) => [...one]);
    const { image, address } = await imageOf(file, 0, "要拉直的图片");
    const frame = document.createElement("div"); // as large as the picture
    frame.className = "straighten-frame";
    const lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    lines.setAttribute("viewBox", "0 0 100 100");
    lines.setAttribute("preserveAspectRatio", "none");
    lines.setAttribute("aria-hidden", "true");
    const outline = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
    lines.append(outline);
    const handles = NAMES.map((name) => {
      const handle = document.createElement("button");
      handle.type = "button";
      handle.className = "straighten-handle";
      handle.setAttribute("aria-label", `${name}：用方向键移动`);
      return handle;
    });

    const draw = () => {
      outline.setAttribute("points", corners.map(([x, y]) => `${x * 100},${y * 100}`).join(" "));
      handles.forEach((handle, place) => {
        handle.style.left = `${corners[place][0] * 100}%`;
        handle.style.top = `${corners[place][1] * 100}%`;
      });
    };
    // Where it would no longer be a paper, the corner stays.
    const move = (place, [x, y]) => {
      const before = corners[place];
      corners[place] = [Math.min(Math.max(x, 0), 1), Math.min(Math.max(y, 0), 1)];
      if (!isPaper(corners)) corners[place] = before;
      draw();
    };

    handles.forEach((handle, place) => {
      let grip = null; // where within the handle it was taken
      handle.addEventListener("pointerdown", (event) => {
        const box = frame.getBoundingClientRect();
        grip = [event.clientX - box.left - corners[place][0] * box.width, event.clientY - box.top - corners[place][1] * box.height];
        handle.setPointerCapture(event.pointerId);
      });
      handle.addEventListener("pointermove", (event) => {
        if (!grip) return;
        const box = frame.getBoundingClientRect();
        move(place, [(event.clientX - grip[0] - box.left) / box.width, (event.clientY - grip[1] - box.top) / box.height]);
      });
      ["pointerup", "pointercancel"].forEach((kind) => handle.addEventListener(kind, () => { grip = null; }));
      handle.addEventListener("keydown", (event) => {
        const arrow = ARROWS[event.key];
        if (!arrow) return;
        event.preventDefault();
        const step = event.shiftKey ? 10 * STEP : STEP;
        move(place, corners[place].map((one, axis) => one + arrow[axis] * step));
        say(`${NAMES[place]}：离左边 ${Math.round(corners[place][0] * 100)}%，离上边 ${Math.round(corners[place][1] * 100)}%。`);
      });
    });

    frame.append(image, lines, ...handles);
    stage.replaceChildren(frame);
    draw();
    sheet.showModal();
    return settled(sheet, () => redrawn(file, { corners }), () => {
      URL.revokeObjectURL(address);
      stage.replaceChildren();
    });
  };

  return { cropped, prepare, straightened };
})();
