/* What a file's own bytes say of it, whatever its name: its kind, whether it is whole, its size, how it was held. For
   the page and for its workers. */
"use strict";

self.materialsBytes = (() => {
  const letters = (bytes, from, to) => String.fromCharCode(...bytes.subarray(from, to));
  const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  // --- kinds --------------------------------------------------------------------------------------------------------

  // mark, where it stands (0 where nothing is said), kind
  const MARKS = [
    ["\xff\xd8\xff", 0, "JPEG"], ["\x89PNG\r\n\x1a\n", 0, "PNG"], ["GIF8", 0, "GIF"], ["BM", 0, "BMP"], ["WEBP", 8, "WebP"],
    ["II*\0", 0, "TIFF"], ["MM\0*", 0, "TIFF"], ["II+\0", 0, "TIFF"], ["MM\0+", 0, "TIFF"],
    ["PK\x03\x04", 0, "archive"], ["\xd0\xcf\x11\xe0", 0, "archive"], ["Rar!", 0, "archive"], ["7z\xbc\xaf", 0, "archive"],
  ];
  const HEIC = ["heic", "heix", "heim", "heis", "hevc", "hevx"];
  const AVIF = ["avif", "avis"];
  const PDF_WITHIN = 1024; // bytes: scanners put something of theirs before the mark

  // Of a file of ISO's boxes: by its brand, or by the brands that it says it goes with.
  const ofBoxes = (bytes) => {
    if (letters(bytes, 4, 8) !== "ftyp") return "";
    const length = Math.min(view(bytes).getUint32(0), bytes.length, 256);
    const brands = [letters(bytes, 8, 12)];
    for (let at = 16; at + 4 <= length; at += 4) brands.push(letters(bytes, at, at + 4));
    if (brands.some((one) => AVIF.includes(one))) return "AVIF";
    if (brands.some((one) => HEIC.includes(one)) || ["mif1", "msf1"].includes(brands[0])) return "HEIC";
    return "video";
  };

  // JPEG, PNG, GIF, BMP, WebP, AVIF, HEIC, TIFF, PDF, archive, video, or "" where nothing tells.
  const kind = (bytes) => {
    const found = MARKS.find(([mark, at]) => letters(bytes, at, at + mark.length) === mark);
    if (found) return found[2];
    if (bytes.length >= 12 && ofBoxes(bytes)) return ofBoxes(bytes);
    return letters(bytes, 0, Math.min(PDF_WITHIN, bytes.length)).includes("%PDF-") ? "PDF" : "";
  };

  // --- JPEG ---------------------------------------------------------------------------------------------------------

  // The segments before the first scan: {marker, at, end}, where `at` is what stands behind the length.
  const segments = (bytes) => {
    const found = [];
    let at = 2;
    while (at + 4 <= bytes.length && bytes[at] === 0xff) {
      const marker = bytes[at + 1];
      if (marker === 0xff) {
        at += 1; // padding
      } else {
        const end = at + 2 + view(bytes).getUint16(at + 2);
        found.push({ marker, at: at + 4, end: Math.min(end, bytes.length) });
        if (marker === 0xda) break;
        at = end;
      }
    }
    return found;
  };

  const isFrame = ({ marker }) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

  const exifOfJpeg = (bytes) => {
    const found = segments(bytes).find(({ marker, at }) => marker === 0xe1 && letters(bytes, at, at + 6) === "Exif\0\0");
    return found && { at: found.at + 6, end: found.end };
  };

  const exifOfWebp = (bytes) => {
    const said = view(bytes);
    let at = 12;
    while (at + 8 <= bytes.length) {
      const end = at + 8 + said.getUint32(at + 4, true);
      if (letters(bytes, at, at + 4) === "EXIF") {
        const isNamed = letters(bytes, at + 8, at + 14) === "Exif\0\0"; // some put a JPEG's name before it
        return { at: at + (isNamed ? 14 : 8), end: Math.min(end, bytes.length) };
      }
      at = end + (end % 2);
    }
    return null;
  };

  const EXIF = { JPEG: exifOfJpeg, WebP: exifOfWebp };

  // Where the EXIF orientation of a JPEG or a WebP stands, and the value: {at, value}; null where nothing is said.
  const orientation = (bytes) => {
    const find = EXIF[kind(bytes)];
    const exif = find && find(bytes);
    if (!exif || exif.end < exif.at + 8) return null;
    const start = exif.at;
    const isLittle = bytes[start] === 0x49;
    const said = view(bytes);
    const list = start + said.getUint32(start + 4, isLittle);
    if (list + 2 > exif.end) return null;
    const count = said.getUint16(list, isLittle);
    for (let entry = list + 2, left = count; left > 0 && entry + 12 <= exif.end; entry += 12, left -= 1) {
      if (said.getUint16(entry, isLittle) === 0x112) {
        const value = said.getUint16(entry + 8, isLittle);
        return value >= 1 && value <= 8 ? { at: entry + 8 + (isLittle ? 0 : 1), value } : null;
      }
    }
    return null;
  };

  // --- colours ------------------------------------------------------------------------------------------------------

  const SRGB = /sRGB|IEC ?61966/i;

  const ofJpeg = (bytes) => {
    const profile = segments(bytes).find(({ marker, at }) => marker === 0xe2 && letters(bytes, at, at + 11) === "ICC_PROFILE");
    if (!profile) return false;
    const said = letters(bytes, profile.at, Math.min(profile.end, profile.at + 8192)).replace(/\0/g, "");
    return !SRGB.test(said) && !said.includes("GRAY");
  };

  // A PNG's profile is packed, but for its name; one of grey has no colours to mind.
  const ofPng = (bytes) => {
    if (![2, 3, 6].includes(bytes[25])) return false;
    for (let at = 8; at + 12 <= bytes.length; at += 12 + view(bytes).getUint32(at)) {
      const block = letters(bytes, at + 4, at + 8);
      if (block === "iCCP") return !SRGB.test(letters(bytes, at + 8, Math.min(at + 87, bytes.length)).split("\0")[0]);
      if (["sRGB", "IDAT"].includes(block)) return false;
    }
    return false;
  };

  // Whether its colours are those of a profile that is not sRGB (a phone's Display P3): they have to be drawn anew.
  const isForeign = (bytes) => (kind(bytes) === "PNG" ? ofPng(bytes) : ofJpeg(bytes));

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
    for (let at = 8; at + 12 <= bytes.length; at += 12 + view(bytes).getUint32(at)) {
      if (letters(bytes, at + 4, at + 8) === "IEND") return true;
    }
    return false;
  };

  // Whether the file ends where its picture does; of other kinds a browser tells when it draws it.
  const ends = (bytes) => {
    const which = kind(bytes);
    if (which === "JPEG") return jpegEnds(bytes);
    return which !== "PNG" || pngEnds(bytes);
  };

  // --- size ---------------------------------------------------------------------------------------------------------

  const jpegSize = (bytes) => {
    const frame = segments(bytes).find(isFrame);
    return frame && [view(bytes).getUint16(frame.at + 3), view(bytes).getUint16(frame.at + 1)];
  };

  const webpSize = (bytes) => {
    const said = view(bytes);
    const three = (at) => said.getUint16(at, true) + 65536 * bytes[at + 2];
    const block = letters(bytes, 12, 16);
    if (block === "VP8X") return [1 + three(24), 1 + three(27)];
    if (block === "VP8 ") return [said.getUint16(26, true) & 0x3fff, said.getUint16(28, true) & 0x3fff];
    const bits = said.getUint32(21, true);
    return [1 + (bits & 0x3fff), 1 + ((bits >> 14) & 0x3fff)];
  };

  const avifSize = (bytes) => { // the largest of the pictures that it speaks of; one that is to be turned says so behind
    let size = null;
    if (letters(bytes, 0, Math.min(bytes.length, 4096)).includes("irot")) return null;
    for (let at = 0; at + 16 < Math.min(bytes.length, 65536); at += 1) {
      if (letters(bytes, at, at + 4) === "ispe") {
        const found = [view(bytes).getUint32(at + 8), view(bytes).getUint32(at + 12)];
        if (!size || found[0] * found[1] > size[0] * size[1]) size = found;
      }
    }
    return size;
  };

  const SIZES = {
    JPEG: jpegSize,
    PNG: (bytes) => [view(bytes).getUint32(16), view(bytes).getUint32(20)],
    GIF: (bytes) => [view(bytes).getUint16(6, true), view(bytes).getUint16(8, true)],
    BMP: (bytes) => [Math.abs(view(bytes).getInt32(18, true)), Math.abs(view(bytes).getInt32(22, true))],
    WebP: webpSize,
    AVIF: avifSize,
  };

  // [width, height] in pixels as it is stored, before any turning; null where the bytes do not tell.
  const size = (bytes) => {
    const read = SIZES[kind(bytes)];
    try {
      const found = read && read(bytes);
      return found && found[0] > 0 && found[1] > 0 ? found : null;
    } catch (error) {
      return null; // it breaks off in its head
    }
  };

  return { ends, isForeign, kind, orientation, size };
})();
