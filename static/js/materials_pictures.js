/* A photo before it is sent: turned, cropped, made to fit under 200 KB. Each gives a new file; the chosen one stays
   as it is on the person's disk. */
"use strict";

window.materialsPictures = (() => {
  const MAX_BYTES = 204800;
  const LONGEST = 3200; // pixels: the largest canvas that every phone can hold
  const FINEST = 0.92; // the best quality that is tried
  // long side in pixels, the quality to begin with, and the one at which a smaller side is tried: at 1,600 pixels 0.17,
  // since a coarser page is read, a smaller one is not
  const STEPS = [[2400, FINEST, 0.64], [2000, 0.8, 0.53], [1600, 0.7, 0.17], [1200, 0.5, 0.14], [900, 0.5, 0.11]];
  const LOWERED = Math.log(0.95); // by a twentieth the quality is taken down, try after try
  // where the worker and the library that makes pictures smaller lie, and the table of formats: the script's own tag
  // says it
  const { worker: WORKER, library: LIBRARY, formats } = document.currentScript.dataset;
  const FORMATS = JSON.parse(formats);
  const [WRITTEN] = FORMATS; // what is drawn here is coded as the first

  const loaded = async (source) => {
    const image = new Image();
    const address = URL.createObjectURL(source);
    try {
      await new Promise((resolve, reject) => { // not decode(), which waits for the page to be drawn
        image.onload = resolve;
        image.onerror = () => reject(new Error("no picture"));
        image.src = address;
      });
      return image; // upright: browsers apply the EXIF orientation
    } finally {
      URL.revokeObjectURL(address);
    }
  };

  // A canvas of at most `longest` pixels a side, turned clockwise by `quarters`.
  const drawn = (image, { longest = LONGEST, quarters = 0 } = {}) => {
    const [width, height] = [image.naturalWidth || image.width, image.naturalHeight || image.height];
    const scale = Math.min(1, longest / Math.max(width, height));
    const [across, down] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = quarters % 2 ? [down, across] : [across, down];
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.translate(canvas.width / 2, canvas.height / 2);
    pen.rotate((quarters * Math.PI) / 2);
    pen.drawImage(image, -across / 2, -down / 2, across, down);
    return canvas;
  };

  // A blob as a file of that format, by the name of the file that it was made of.
  const named = (blob, name, format) => {
    const called = `${name.replace(/\.[^.]*$/, "")}.${format.endings[0]}`;
    return new File([blob], called, { type: format.type });
  };

  // A picture as the portal gave it, as a file under that name.
  const asStored = (blob, name) => named(blob, name, FORMATS.find((one) => one.type === blob.type) || WRITTEN);

  const asFile = (canvas, name) => new Promise((resolve) => {
    canvas.toBlob((blob) => resolve(blob && named(blob, name, WRITTEN)), WRITTEN.type, 0.95);
  });

  const turned = async (file, quarters) => asFile(drawn(await loaded(file), { quarters }), file.name);

  const preview = async (file, canvas) => {
    const small = drawn(await loaded(file), { longest: 160 });
    [canvas.width, canvas.height] = [small.width, small.height];
    canvas.getContext("2d").drawImage(small, 0, 0);
    canvas.hidden = false;
  };

  // --- what a file's own bytes say of it, before a browser paints over it ----------------------------------------

  const HEIC_BRANDS = ["heic", "heix", "hevc", "mif1", "msf1"];
  const begins = (bytes, signature) => signature.every((one, place) => bytes[place] === one);
  const letters = (bytes, from, to) => String.fromCharCode(...bytes.subarray(from, to));

  // Whether the first picture has its end mark; behind it a phone may have put more (a second picture, its own data).
  const jpegEnds = (bytes) => {
    let at = 2;
    for (;;) {
      at = bytes.indexOf(0xff, at);
      if (at < 0) return false;
      while (bytes[at] === 0xff) at += 1;
      const marker = bytes[at];
      at += 1;
      if (marker === 0xd9) return true;
      const alone = marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd7); // of a scan, no segment
      if (!alone) at += Math.max(2, (bytes[at] << 8) | bytes[at + 1]);
    }
  };

  const pngEnds = (bytes) => {
    const view = new DataView(bytes.buffer);
    for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
      if (letters(bytes, at + 4, at + 8) === "IEND") return true;
    }
    return false;
  };

  const ENDS = { JPEG: jpegEnds, PNG: pngEnds }; // of another format only the portal tells whether it is whole

  // "cut": a picture that breaks off, of which a browser would draw the rest grey; "heic", whatever its name; or "".
  const flaw = async (file) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const format = FORMATS.find((one) => begins(bytes, one.signature));
    if (format) return format.name in ENDS && !ENDS[format.name](bytes) ? "cut" : "";
    const isHeic = letters(bytes, 4, 8) === "ftyp" && HEIC_BRANDS.includes(letters(bytes, 8, 12));
    return isHeic ? "heic" : "";
  };

  const STALL = 12000; // milliseconds without any progress after which a try is given up

  // What `begin` promises, given what to call with each sign of progress; fails where none comes any more.
  const watched = (begin) => new Promise((resolve, reject) => {
    let timer = 0;
    const goesOn = () => {
      clearTimeout(timer);
      timer = setTimeout(() => reject(new Error("stalled")), STALL);
    };
    goesOn();
    begin(goesOn).then(resolve, reject).finally(() => clearTimeout(timer));
  });

  // Beside the page a browser codes at once; in the page it waits for idle moments, up to seven seconds for each try
  // where the page is busy or hidden.
  const beside = (file, options, told) => {
    const worker = new Worker(WORKER);
    return watched((goesOn) => new Promise((resolve, reject) => {
      worker.onerror = () => reject(new Error("no worker"));
      worker.onmessage = ({ data }) => {
        goesOn();
        if (data.smaller) resolve(data.smaller);
        else if (data.problem) reject(new Error(data.problem));
        else told(data.percent);
      };
      worker.postMessage({ library: LIBRARY, file, options });
    })).finally(() => worker.terminate());
  };

  const inPage = (file, options, told) => {
    const controller = new AbortController();
    return watched((goesOn) => imageCompression(file, {
      ...options,
      signal: controller.signal,
      onProgress: (percent) => {
        goesOn();
        told(percent);
      },
    })).finally(() => controller.abort());
  };

  // The steps for a picture of that long side: it is not made larger, and not tried twice at its own size.
  const stepsFor = (longest) => {
    const first = STEPS.findIndex((_, place) => place === STEPS.length - 1 || STEPS[place + 1][0] < longest);
    const [[side, , coarsest], ...others] = STEPS.slice(first);
    return [[side, FINEST, coarsest], ...others];
  };

  // A picture of at most 200 KB, upright, or null where no step makes one; `way` is beside or inPage.
  const shrunk = async (file, way, told) => {
    const { naturalWidth, naturalHeight } = await loaded(file);
    const steps = stepsFor(Math.max(naturalWidth, naturalHeight));
    for (const [place, [side, quality, coarsest]] of steps.entries()) {
      const options = {
        maxSizeMB: (MAX_BYTES - 2048) / 1048576,
        maxWidthOrHeight: side,
        alwaysKeepResolution: true,
        initialQuality: quality,
        maxIteration: Math.ceil(Math.log(coarsest / quality) / LOWERED),
        fileType: WRITTEN.type,
        useWebWorker: false, // its own would load from elsewhere
      };
      const smaller = await way(file, options, (percent) => told((place + percent / 100) / steps.length));
      if (smaller.size <= MAX_BYTES) return named(smaller, file.name, WRITTEN);
    }
    return null;
  };

  // The file itself where it fits; else as `shrunk`; null where the browser cannot read it. `told` hears the share done.
  const fitting = async (file, told) => {
    if (file.size <= MAX_BYTES) return file;
    for (const way of [beside, inPage]) {
      try {
        return await shrunk(file, way, told);
      } catch (error) {
        // a browser whose workers cannot do it, one that does not answer, or no picture
      }
    }
    return null;
  };

  // --- cropping: by hand on the picture, or by the four sliders -------------------------------------------------

  // Opens the sheet; gives what was left of the picture as a new file, or null where the person went back. `say` tells
  // of the turns.
  const cropped = async (file, say) => {
    const sheet = document.querySelector("[data-crop]");
    const stage = sheet.querySelector("[data-stage]");
    const sides = Object.fromEntries([...sheet.querySelectorAll("[data-side]")].map((one) => [one.dataset.side, one]));
    let canvas = drawn(await loaded(file));
    let cropper = null;
    let following = false;
    let quarters = 0;

    const tell = () => { // the sliders follow what is drawn by hand
      if (following || !cropper.ready) return;
      const box = cropper.getData();
      sides.left.value = (box.x / canvas.width) * 100;
      sides.top.value = (box.y / canvas.height) * 100;
      sides.right.value = 100 - ((box.x + box.width) / canvas.width) * 100;
      sides.bottom.value = 100 - ((box.y + box.height) / canvas.height) * 100;
    };
    const follow = (event) => { // and the other way round; a tenth of the picture always stays
      const opposite = { left: "right", right: "left", top: "bottom", bottom: "top" }[event.target.dataset.side];
      event.target.value = Math.min(event.target.value, 90 - sides[opposite].value);
      const part = (side) => Number(sides[side].value) / 100;
      following = true;
      cropper.setData({
        x: part("left") * canvas.width,
        y: part("top") * canvas.height,
        width: (1 - part("left") - part("right")) * canvas.width,
        height: (1 - part("top") - part("bottom")) * canvas.height,
      });
      following = false;
    };
    const show = () => new Promise((resolve) => {
      if (cropper) cropper.destroy();
      Object.values(sides).forEach((one) => { one.value = 0; });
      const image = document.createElement("img");
      image.alt = "要裁剪的图片";
      canvas.toBlob((blob) => {
        const address = URL.createObjectURL(blob);
        image.src = address;
        stage.replaceChildren(image);
        cropper = new Cropper(image, {
          viewMode: 1,
          autoCropArea: 1,
          checkOrientation: false,
          background: false,
          zoomable: false,
          rotatable: false,
          responsive: false,
          toggleDragModeOnDblclick: false,
          crop: tell,
          ready: () => { URL.revokeObjectURL(address); resolve(); },
        });
      }, WRITTEN.type, 0.95);
    });
    let settled = Promise.resolve(); // one after another: a picture that is being drawn cannot be asked
    const next = (work) => { settled = settled.then(work); };
    const turn = () => next(async () => {
      canvas = drawn(canvas, { quarters: 1 });
      await show();
      quarters += 1;
      say(quarters % 4 ? `已向右转 ${(quarters % 4) * 90}°。` : "已转回原来的方向。");
    });
    const fitAgain = () => next(async () => { // a phone was turned, a window resized
      const box = cropper.getData();
      await show();
      cropper.setData(box);
    });

    Object.values(sides).forEach((one) => { one.oninput = follow; });
    window.addEventListener("resize", fitAgain);
    sheet.querySelector("[data-turn]").onclick = turn;
    sheet.showModal();
    next(show);
    return new Promise((resolve) => {
      let taken = null;
      sheet.querySelector("[data-take]").onclick = () => next(() => {
        taken = cropper.getCroppedCanvas({ fillColor: "#fff" });
        sheet.close();
      });
      sheet.onclose = () => {
        window.removeEventListener("resize", fitAgain);
        next(() => {
          cropper.destroy();
          stage.replaceChildren();
          resolve(taken && asFile(taken, file.name));
        });
      };
    });
  };

  return { MAX_BYTES, asStored, cropped, fitting, flaw, preview, turned };
})();
