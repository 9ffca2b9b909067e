/* Decodes a HEIC beside the page: {needs} once, the scripts; then {number, bytes} in, {number, done} or {number, problem}
   out, where done is the picture as a JPEG, or {pixels, width, height, colours} (RGBA, upright) where a worker has no canvas.
   This file alone may run WebAssembly (its Content-Security-Policy says so); the page may not. */
"use strict";

const MOST = 16000000; // pixels: what a canvas holds everywhere

// Every so many pixels become one, so that no more than MOST are left.
const reduced = (data, width, height) => {
  const by = Math.ceil(Math.sqrt((width * height) / MOST));
  if (by === 1) return { pixels: data.buffer, width, height };
  const [across, down] = [Math.floor(width / by), Math.floor(height / by)];
  const pixels = new Uint8ClampedArray(across * down * 4);
  for (let row = 0, to = 0; row < down; row += 1) {
    for (let column = 0; column < across; column += 1, to += 4) {
      let [red, green, blue] = [0, 0, 0]; // a list for each of so many took 1.2 s more of a photo of 48 megapixels
      for (let y = row * by; y < (row + 1) * by; y += 1) {
        for (let x = 0, at = (y * width + column * by) * 4; x < by; x += 1, at += 4) {
          red += data[at];
          green += data[at + 1];
          blue += data[at + 2];
        }
      }
      [pixels[to], pixels[to + 1], pixels[to + 2], pixels[to + 3]] = [red / (by * by), green / (by * by), blue / (by * by), 255];
    }
  }
  return { pixels: pixels.buffer, width: across, height: down };
};

const HEAD = 65536; // bytes, within which the profile's name stands

// Phones' colours are Display P3's, and so are the numbers that come out.
const coloursOf = (bytes) => {
  const head = Array.from(bytes.subarray(0, HEAD), (one) => String.fromCharCode(one)).join("").replace(/\0/g, "");
  return head.includes("Display P3") ? "display-p3" : "srgb";
};

let library = null; // promised: it begins while the bytes are on their way, and anew after a problem

const decoded = async (bytes) => {
  library = library || self.libheif();
  const heif = await library;
  const images = new heif.HeifDecoder().decode(bytes); // one is the picture, others are its kin
  const image = images.find((one) => one.is_primary()) || images[0];
  if (!image) throw new Error("no picture");
  const [width, height] = [image.get_width(), image.get_height()];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  await new Promise((resolve, reject) => {
    image.display({ data, width, height }, (shown) => (shown ? resolve() : reject(new Error("no picture"))));
  });
  return { ...reduced(data, width, height), colours: coloursOf(bytes) };
};

// Here, where the pixels are, if there is a canvas: they are as many bytes as a phone can hardly hold twice.
const drawn = (found) => self.materialsFitting.redrawn(found, {}).catch(() => found);

self.onmessage = async ({ data: { needs, number, bytes } }) => {
  try {
    if (needs) {
      importScripts(...needs);
      library = self.libheif();
      return;
    }
    const found = await decoded(new Uint8Array(bytes));
    const done = await drawn(found);
    self.postMessage({ number, done }, done.pixels ? [done.pixels] : []);
  } catch (error) {
    library = null;
    self.postMessage({ number, problem: String(error) });
  }
};
