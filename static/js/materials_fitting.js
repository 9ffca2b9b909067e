/* A picture drawn anew, beside the page or in it: small for a look, turned, cut, straightened, or made to fit under a
   number of bytes. The same steps in both places; needs materials_bytes.js.

   A source is a Blob, or {pixels, width, height, colours} as a decoder of ours gives them; `options.mark`, a number that the
   same Blob always has, spares decoding it again. No canvas is larger than the engine holds, and what is coded is compared
   with what was drawn from: an empty canvas is an error, not a picture. */
"use strict";

self.materialsFitting = (() => {
  const { ends, kind, orientation, size } = self.materialsBytes;

  const LONGEST = 3200; // pixels a side, 10.2 megapixels at most: iOS holds 16.7
  const TYPE = "image/jpeg";
  const FINEST = 0.92; // the best quality that is tried; what is worked on before it is sent is kept at KEPT
  const KEPT = 0.95;
  // long side in pixels, and the quality below which a smaller side is tried: at 1,600 pixels 0.17, since a coarser page
  // is read, a smaller one is not
  const STEPS = [[2400, 0.64], [2000, 0.53], [1600, 0.17], [1200, 0.14], [900, 0.11]];
  const NEAR = 0.94; // of the bytes allowed: as good as full
  const AIM = 0.97; // of them, at which a try is aimed
  const TRIES = 5; // between two qualities

  const inPage = typeof document !== "undefined";

  // --- what differs between a page and a worker -------------------------------------------------------------------

  const canvasOf = (width, height) => {
    if (!inPage) return new OffscreenCanvas(width, height);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    return canvas;
  };

  const penOf = (canvas, options) => {
    const pen = canvas.getContext("2d", options);
    if (!pen) throw new Error("no canvas");
    pen.imageSmoothingQuality = "high";
    return pen;
  };

  const coded = (canvas, quality) => (canvas.convertToBlob
    ? canvas.convertToBlob({ type: TYPE, quality })
    : new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("not coded"))), TYPE, quality);
    }));

  // In the page others have their turn between two steps.
  const pause = () => (inPage ? new Promise((resolve) => { setTimeout(resolve); }) : null);

  // iOS counts what its canvases hold until they are collected.
  const free = (drawing) => {
    if (drawing.close) drawing.close();
    else if (drawing.getContext) [drawing.width, drawing.height] = [0, 0];
  };

  const asElement = async (blob) => {
    const image = new Image();
    const address = URL.createObjectURL(blob);
    try {
      await new Promise((resolve, reject) => { // not decode(), which waits for the page to be drawn
        image.onload = resolve;
        image.onerror = () => reject(new Error("no picture"));
        image.src = address;
      });
      return image;
    } finally {
      URL.revokeObjectURL(address);
    }
  };

  // --- decoding: at no more than the size that is wanted ----------------------------------------------------------

  const bounded = ([width, height], longest) => {
    const scale = Math.min(1, longest / Math.max(width, height));
    return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  };

  // What can be drawn from the blob; an engine that knows no sizes here (Firefox before 98) gives the whole.
  const decoded = async (blob, wanted) => {
    if (self.createImageBitmap) {
      try {
        if (wanted) return await createImageBitmap(blob, { resizeWidth: wanted[0], resizeHeight: wanted[1], resizeQuality: "high" });
      } catch (error) {
        // it is tried without, and as an element
      }
      try {
        return await createImageBitmap(blob);
      } catch (error) {
        if (!inPage) throw error;
      }
    }
    return asElement(blob);
  };

  // By EXIF's values: how what is stored is put upright, as the canvas's transform of a picture about its middle.
  const UPRIGHT = [
    [1, 0, 0, 1], [-1, 0, 0, 1], [-1, 0, 0, -1], [1, 0, 0, -1], [0, 1, 1, 0], [0, 1, -1, 0], [0, -1, -1, 0], [0, -1, 1, 0],
  ];

  const imageOf = (data, width, height, colorSpace) => {
    try {
      return new ImageData(data, width, height, { colorSpace });
    } catch (error) {
      return new ImageData(data, width, height); // an engine that does not know these colours
    }
  };

  const ofPixels = ({ pixels, width, height, colours }) => {
    const canvas = canvasOf(width, height);
    penOf(canvas).putImageData(imageOf(new Uint8ClampedArray(pixels), width, height, colours), 0, 0);
    return { drawing: canvas, size: [width, height], upright: UPRIGHT[0], bytes: pixels.byteLength };
  };

  let kept = null; // the last that was opened of a marked source: {mark, longest, open}

  const drop = () => {
    if (kept) free(kept.open.drawing);
    kept = null;
  };

  // Of what is kept the drawing stays, for the next act on the same file.
  const done = (open) => {
    if (!kept || kept.open !== open) free(open.drawing);
  };

  // {drawing, size as shown, upright, bytes}: ready to be drawn at up to `longest` pixels a side.
  const opened = async (source, longest, mark = 0) => {
    if (kept && mark && kept.mark === mark && kept.longest >= longest) return kept.open;
    drop();
    const open = source.pixels ? ofPixels(source) : await read(source, longest);
    if (mark) kept = { mark, longest, open };
    return open;
  };

  // A JPEG's or a WebP's own turning is taken out before it is decoded: not every engine minds it, and not everywhere.
  const read = async (source, longest) => {
    const bytes = new Uint8Array(await source.arrayBuffer());
    const turning = orientation(bytes);
    if (turning) bytes[turning.at] = 1;
    const stored = size(bytes);
    const blob = turning ? new Blob([bytes], { type: source.type }) : source;
    const drawing = await decoded(blob, stored && Math.max(...stored) > longest ? bounded(stored, longest) : null);
    const shown = stored || [drawing.naturalWidth || drawing.width, drawing.naturalHeight || drawing.height];
    const upright = UPRIGHT[turning ? turning.value - 1 : 0];
    return { drawing, size: upright[0] ? shown : [shown[1], shown[0]], upright, bytes: bytes.length };
  };

  // A canvas of at most `longest` pixels a side with the picture upright, then turned clockwise by `quarters`; with
  // `box`, the part that is left: {left, top, width, height} as shares of what is seen.
  const drawn = ({ drawing, size: whole, upright }, { longest = LONGEST, quarters = 0, box = null } = {}) => {
    const seen = quarters % 2 ? [whole[1], whole[0]] : whole;
    const part = box || { left: 0, top: 0, width: 1, height: 1 };
    const [width, height] = bounded([seen[0] * part.width, seen[1] * part.height], longest);
    const scale = width / (seen[0] * part.width);
    const canvas = canvasOf(width, height);
    const pen = penOf(canvas);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.translate((0.5 - part.left) * seen[0] * scale, (0.5 - part.top) * seen[1] * scale);
    pen.rotate((quarters * Math.PI) / 2);
    pen.transform(...upright, 0, 0);
    const [across, down] = upright[0] ? whole : [whole[1], whole[0]];
    pen.drawImage(drawing, (-across * scale) / 2, (-down * scale) / 2, across * scale, down * scale);
    return canvas;
  };

  // --- compared: what came out with what went in ------------------------------------------------------------------

  const TILES = 8; // a side
  const SAMPLES = 16; // of a tile, a side
  const SAME = 24; // of 255, by which a tile may differ; the whole by a third of it

  // The mean of each tile, and whether every sample is the same.
  const tiles = (canvas) => {
    const side = TILES * SAMPLES;
    const small = canvasOf(side, side);
    const pen = penOf(small, { willReadFrequently: true });
    pen.drawImage(canvas, 0, 0, side, side);
    const { data } = pen.getImageData(0, 0, side, side);
    const means = new Array(TILES * TILES).fill(0);
    let isOneColour = true;
    for (let at = 0; at < data.length; at += 4) {
      const [across, down] = [(at / 4) % side, Math.floor(at / 4 / side)];
      const bright = (data[at] + data[at + 1] + data[at + 2]) / 3;
      means[Math.floor(down / SAMPLES) * TILES + Math.floor(across / SAMPLES)] += bright / (SAMPLES * SAMPLES);
      isOneColour = isOneColour && data[at] === data[0] && data[at + 1] === data[1] && data[at + 2] === data[2];
    }
    free(small);
    return { means, isOneColour };
  };

  const average = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;

  const EMPTY = 10000; // bytes: no picture of one colour needs as many

  // Refuses a coded picture that is not what it was made of.
  const compare = async (blob, [width, height], before, bytes) => {
    const after = await decoded(blob, null);
    const now = [after.naturalWidth || after.width, after.naturalHeight || after.height];
    const { means, isOneColour } = tiles(after);
    free(after);
    if (now[0] !== width || now[1] !== height) throw new Error("another size");
    if (isOneColour && bytes > EMPTY) throw new Error("empty");
    const apart = means.map((one, place) => Math.abs(one - before.means[place]));
    if (Math.max(...apart) > SAME || average(apart) > SAME / 3) throw new Error("another picture");
  };

  // The picture's tiles as they went in, drawn small: no engine's limit is met there.
  const wentIn = (open, options) => {
    const small = drawn(open, { ...options, longest: 4 * TILES * SAMPLES });
    const found = tiles(small);
    free(small);
    return found;
  };

  // --- what is made ------------------------------------------------------------------------------------------------

  const quiet = () => {};

  // Small, to be looked at: what drawImage takes. What is to be made to fit afterwards is decoded as large as that needs.
  const preview = async (source, { longest, mark = 0 }, told = quiet) => {
    const open = await opened(source, mark ? STEPS[0][0] : longest, mark);
    told(0.5);
    const canvas = drawn(open, { longest });
    done(open);
    return canvas.transferToImageBitmap ? canvas.transferToImageBitmap() : canvas;
  };

  // Drawn anew, as a JPEG that can be worked on further: `options` as of `drawn`; with `corners`, straightened.
  const redrawn = async (source, { corners = null, ...options }, told = quiet) => {
    const { box = null, longest = LONGEST } = options;
    const open = await opened(source, box ? longest / Math.min(box.width, box.height) : longest);
    told(0.3);
    let canvas = drawn(open, options);
    await pause();
    told(0.6);
    const { width, height } = canvas;
    const blob = corners ? null : await coded(canvas, KEPT);
    if (blob) {
      await compare(blob, [width, height], wentIn(open, options), open.bytes);
      free(open.drawing);
      free(canvas);
      return blob;
    }
    free(open.drawing);
    canvas = await straightened(canvas, corners);
    const flat = await coded(canvas, KEPT);
    await compare(flat, [canvas.width, canvas.height], tiles(canvas), open.bytes);
    free(canvas);
    return flat;
  };

  // How fine a quality is, by the tables that libjpeg makes of it: bytes grow as a power of that.
  const fineness = (quality) => -Math.log(quality < 0.5 ? 50 / quality : 200 - 200 * quality);
  const qualityOf = (fine) => (Math.exp(-fine) > 100 ? 50 * Math.exp(fine) : 1 - Math.exp(-fine) / 200);
  const POWER = 0.6; // of most pictures, until two tries tell; then it stays between these
  const POWERS = [0.2, 2];

  // The best quality between `coarsest` and FINEST at which the canvas takes at most `limit` bytes, or null.
  const atBest = async (canvas, coarsest, limit, told) => {
    let best = await coded(canvas, coarsest);
    told(1 / (TRIES + 1));
    if (best.size > limit) return null;
    let [low, high] = [coarsest, FINEST].map(fineness);
    let highest = high; // of what is tried next
    let power = POWER;
    for (let left = TRIES; left > 0 && low < high && best.size < limit * NEAR; left -= 1) {
      await pause();
      const fine = Math.min(low + Math.max(Math.log((limit * AIM) / best.size) / power, (high - low) / 10), highest);
      const tried = await coded(canvas, qualityOf(fine));
      told((TRIES + 2 - left) / (TRIES + 1));
      power = Math.min(Math.max(Math.log(tried.size / best.size) / (fine - low), POWERS[0]), POWERS[1]);
      if (tried.size <= limit) [best, low] = [tried, fine];
      else high = fine;
      if (high < fineness(FINEST)) highest = high - (high - low) / 10;
    }
    return best;
  };

  // The steps for a picture of that long side: it is not made larger, and not tried twice at its own size.
  const stepsFor = (longest) => STEPS.slice(STEPS.findIndex((_, place) => place === STEPS.length - 1 || STEPS[place + 1][0] < longest));

  // A JPEG of at most `limit` bytes, upright, or null where no step makes one. `told` hears the share done, with each coding:
  // a slow phone is not taken for one that stands still.
  const fitted = async (source, { limit, mark = 0 }, told) => {
    const open = await opened(source, STEPS[0][0], mark);
    const steps = stepsFor(Math.max(...open.size));
    const before = wentIn(open);
    try {
      for (const [place, [longest, coarsest]] of steps.entries()) {
        await pause();
        const canvas = drawn(open, { longest });
        const [width, height] = [canvas.width, canvas.height];
        const blob = await atBest(canvas, coarsest, limit, (share) => told((place + share) / steps.length));
        free(canvas);
        if (blob) {
          await compare(blob, [width, height], before, open.bytes);
          return blob;
        }
      }
    } finally {
      done(open);
      drop();
    }
    return null;
  };

  // --- straightened: the four corners of a paper become those of the picture --------------------------------------

  const apart = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]);

  // The coefficients of the projection that takes the unit square to the corners (from the upper left, clockwise).
  const projection = ([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]) => {
    const [dx1, dx2, sx] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
    const [dy1, dy2, sy] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
    const whole = dx1 * dy2 - dx2 * dy1;
    const [g, h] = [(sx * dy2 - dx2 * sy) / whole, (dx1 * sy - sx * dy1) / whole];
    return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h];
  };

  const ROWS = 64; // until the page has its turn

  // `corners`: shares of the canvas's width and height, from the upper left, clockwise.
  const straightened = async (canvas, corners) => {
    const [width, height] = [canvas.width, canvas.height];
    const places = corners.map(([x, y]) => [x * width, y * height]);
    const across = Math.round((apart(places[0], places[1]) + apart(places[3], places[2])) / 2);
    const down = Math.round((apart(places[0], places[3]) + apart(places[1], places[2])) / 2);
    const [wide, high] = bounded([Math.max(across, 1), Math.max(down, 1)], LONGEST);
    const from = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    const result = canvasOf(wide, high);
    const pen = penOf(result);
    const [a, b, c, d, e, f, g, h] = projection(places);
    for (let first = 0; first < high; first += ROWS) {
      const rows = Math.min(ROWS, high - first);
      const strip = new ImageData(wide, rows);
      const to = strip.data;
      for (let row = 0, at = 0; row < rows; row += 1) {
        const v = (first + row + 0.5) / high;
        for (let column = 0; column < wide; column += 1, at += 4) {
          const u = (column + 0.5) / wide;
          const depth = g * u + h * v + 1;
          const x = Math.min(Math.max((a * u + b * v + c) / depth - 0.5, 0), width - 1.001);
          const y = Math.min(Math.max((d * u + e * v + f) / depth - 0.5, 0), height - 1.001);
          const [left, upper] = [x | 0, y | 0];
          const [right, lower] = [x - left, y - upper];
          const corner = (upper * width + left) * 4;
          const below = corner + width * 4;
          for (let colour = 0; colour < 3; colour += 1) {
            const above = from[corner + colour] * (1 - right) + from[corner + 4 + colour] * right;
            const under = from[below + colour] * (1 - right) + from[below + 4 + colour] * right;
            to[at + colour] = above * (1 - lower) + under * lower + 0.5;
          }
          to[at + 3] = 255;
        }
      }
      pen.putImageData(strip, 0, first);
      await pause();
    }
    free(canvas);
    return result;
  };

  // --- whole -------------------------------------------------------------------------------------------------------

  const LOOKED_AT = 1600; // pixels a side
  const END = new Uint8Array([0xff, 0xd9]);

  // Numbers that are the same each time, none of them a marker.
  const noise = (length) => {
    const found = new Uint8Array(length);
    let state = 12345;
    for (let at = 0; at < length; at += 1) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      found[at] = (state >>> 16) % 255;
    }
    return found;
  };

  // Whether a JPEG without an end mark lacks nothing else: then what stands behind its data changes nothing that is seen.
  const lacksItsEndOnly = async (source) => {
    const bytes = new Uint8Array(await source.arrayBuffer());
    if (kind(bytes) !== "JPEG" || ends(bytes)) return false;
    const seen = [];
    for (const more of [new Uint8Array(0), noise(bytes.length)]) {
      const open = await opened(new Blob([bytes, more, END], { type: TYPE }), LOOKED_AT);
      const canvas = drawn(open, { longest: LOOKED_AT });
      seen.push(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data);
      free(open.drawing);
      free(canvas);
      await pause();
    }
    return seen[0].every((one, place) => one === seen[1][place]);
  };

  return { fitted, lacksItsEndOnly, preview, redrawn };
})();
