/* A chosen file before it is sent: read once, known by its bytes, made into a picture that the portal takes, drawn anew,
   made to fit under 200 KB. Each gives a new file; the chosen one stays as it is on the person's disk. */
"use strict";

window.materialsPictures = (() => {
  const { ends, isForeign, kind } = window.materialsBytes;

  const MAX_BYTES = 204800;
  const ROOM = 2048; // bytes below that a made picture stays
  const LARGEST = 104857600; // bytes that are read: no paper's file has as many
  // where the scripts and the libraries lie that are fetched when they are needed, and the table of formats
  const PLACES = document.querySelector("[data-picture-tools]").dataset;
  const { worker: WORKER, heicWorker: HEIC_WORKER, heic: HEIC_LIBRARY, bytes: BYTES, fitting: FITTING, formats } = PLACES;
  const FORMATS = JSON.parse(formats);
  const [WRITTEN] = FORMATS; // what is drawn here is coded as the first

  const endingOf = (name) => (name.match(/\.([^.]*)$/) || ["", ""])[1].toLowerCase();

  // A blob as a file of that format, by the name of the file that it was made of.
  const named = (blob, name, format = WRITTEN) => {
    const isRight = format.endings.includes(endingOf(name));
    return new File([blob], isRight ? name : `${name.replace(/\.[^.]*$/, "")}.${format.endings[0]}`, { type: format.type });
  };

  // A picture as the portal gave it, as a file under that name.
  const asStored = (blob, name) => named(blob, name, FORMATS.find((one) => one.type === blob.type));

  // --- scripts and workers that are fetched when they are needed --------------------------------------------------

  const fetched = new Map();

  const fetchOnce = (address, tag) => {
    if (!fetched.has(address)) {
      fetched.set(address, new Promise((resolve, reject) => {
        tag.onload = resolve;
        tag.onerror = () => {
          fetched.delete(address); // the network was away: it is tried again the next time
          tag.remove();
          reject(new Error("not fetched"));
        };
        document.head.append(tag);
      }));
    }
    return fetched.get(address);
  };
  const script = (address) => fetchOnce(address, Object.assign(document.createElement("script"), { src: address }));
  const styles = (address) => fetchOnce(address, Object.assign(document.createElement("link"), { rel: "stylesheet", href: address }));

  // What `begin` promises, given what to call with each sign of progress; fails where none comes for so long.
  const watched = (milliseconds, begin) => new Promise((resolve, reject) => {
    let timer = 0;
    const goesOn = () => {
      clearTimeout(timer);
      timer = setTimeout(() => reject(new Error("stalled")), milliseconds);
    };
    goesOn();
    begin(goesOn).then(resolve, reject).finally(() => clearTimeout(timer));
  });

  // One worker for the page, which fetches the scripts it `needs`; its `ask(job, transfer, told)` gives what the worker
  // has done. One job at a time: each holds a whole picture. A worker that has failed of itself is given up; one that has
  // had nothing to do for `rest` milliseconds goes, and comes again.
  const besides = (address, needs, patience, rest = Infinity) => {
    let worker = null;
    let resting = 0;
    let isGone = false;
    let number = 0;
    let last = Promise.resolve();
    const once = (job, transfer, told) => watched(patience, (goesOn) => new Promise((resolve, reject) => {
      if (isGone) throw new Error("no worker");
      clearTimeout(resting);
      if (!worker) {
        worker = new Worker(address);
        worker.postMessage({ needs: needs.map((one) => new URL(one, document.baseURI).href) });
      }
      number += 1;
      worker.onerror = () => reject(new Error("no worker"));
      worker.onmessage = ({ data }) => {
        if (data.number !== number && !("problem" in data)) return;
        goesOn();
        if ("share" in data) told(data.share);
        else if ("problem" in data) reject(Object.assign(new Error(data.problem), { isAnswer: true }));
        else resolve(data.done);
      };
      worker.postMessage({ number, ...job }, transfer);
    })).catch((error) => {
      if (worker && !isGone && !error.isAnswer) {
        worker.terminate();
        isGone = true;
      }
      throw error;
    }).finally(() => {
      clearTimeout(resting);
      if (worker && rest < Infinity) resting = setTimeout(() => { worker.terminate(); worker = null; }, rest);
    });
    return (job, transfer = [], told = () => {}) => {
      const done = last.then(() => once(job, transfer, told));
      last = done.catch(() => {});
      return done;
    };
  };

  // --- drawing: beside the page, or in it where a browser's workers cannot ----------------------------------------

  const STALL = 12000; // milliseconds without any progress after which a try is given up
  const byWorker = besides(WORKER, [BYTES, FITTING], STALL);
  let hasWorker = true;

  const beside = async (act, source, options, told) => {
    if (!hasWorker) throw new Error("no worker");
    try {
      return await byWorker({ act, source, options }, [], told);
    } catch (error) {
      // what it answers where its engine lacks the means; of a picture that cannot be drawn it says something else
      if (/no canvas|OffscreenCanvas|ImageBitmap|not defined|find variable/.test(error.message)) hasWorker = false;
      throw error;
    }
  };

  const inPage = async (act, source, options, told) => {
    await script(FITTING);
    return window.materialsFitting[act](source, options, told);
  };

  const draw = async (act, source, options = {}, told = () => {}) => {
    try {
      return await beside(act, source, options, told);
    } catch (error) {
      return inPage(act, source, options, told); // a browser whose workers cannot, one that does not answer, or no picture
    }
  };

  // `options` as of materialsFitting: {quarters, box, corners, longest}.
  const redrawn = async (file, options) => named(await draw("redrawn", file, options), file.name);

  const marks = new WeakMap(); // of files that will be made to fit after they were looked at
  let marked = 0;

  const markOf = (file) => {
    if (file.size <= MAX_BYTES) return 0;
    if (!marks.has(file)) {
      marked += 1;
      marks.set(file, marked);
    }
    return marks.get(file);
  };

  const preview = async (file, canvas) => {
    const small = await draw("preview", file, { longest: 160, mark: markOf(file) });
    [canvas.width, canvas.height] = [small.width, small.height];
    canvas.getContext("2d").drawImage(small, 0, 0);
    if (small.close) small.close();
    canvas.hidden = false;
  };

  // The file itself where it fits; else a picture of at most 200 KB, upright; null where none can be made. `told` hears
  // the share done.
  const fitting = async (file, told) => {
    if (file.size <= MAX_BYTES) return file;
    try {
      const smaller = await draw("fitted", file, { limit: MAX_BYTES - ROOM, mark: markOf(file) }, told);
      return smaller && named(smaller, file.name);
    } catch (error) {
      return null;
    }
  };

  // --- what a chosen file is --------------------------------------------------------------------------------------

  // A sentence for the person, in an error: why a file cannot be taken, and what to do.
  class Unfit extends Error {}

  const UNREAD = "这个文件读不出来：可能已被移动、删除，或还没有从云相册下载完。请重新选取。";
  const EMPTY = "这个文件是空的：可能还没有从云相册下载完。请稍后重新选取。";
  const CUT = "这张图片已损坏或不完整（文件在图像结束之前就断了）。请重新拍照、扫描或另存为 JPEG 后再上传。"; // as the server says it
  const NOT_DRAWN = "这张图片打不开，可能已损坏，或者浏览器读不了这种格式。请用看图软件另存为 JPEG 后再上传。";
  const HEIC = "这是 HEIC 照片，这个浏览器读不了。请在手机上把照片导出为 JPEG（或截屏）后再上传，或换新版的 Chrome、Edge、Safari 浏览器。";
  const FOREIGN = {
    TIFF: "这是 TIFF 图片，浏览器读不了。请用看图软件另存为 JPEG 后再上传。",
    archive: "这是文档或压缩包，不是图片。请把材料拍照，或导出为 PDF、JPEG 后再上传。",
    video: "这是视频，不是图片。请拍成照片后再上传。",
    "": "这个文件不是图片。请选取材料的照片、扫描图片或 PDF。",
  };

  let reading = Promise.resolve(); // one after another: twenty photos at once are too much for a phone

  // The file's bytes as they are now: what becomes of it on the disk afterwards does no harm.
  const read = (file) => {
    const bytes = reading.then(async () => {
      if (file.size > LARGEST) throw new Unfit("这个文件太大（超过 100 MB），不像是材料的照片或扫描件。请重新选取。");
      try {
        return new Uint8Array(await file.arrayBuffer());
      } catch (error) {
        throw new Unfit(UNREAD);
      }
    });
    reading = bytes.catch(() => {});
    return bytes;
  };

  const PATIENCE = 60000; // milliseconds for a decoder that is fetched first
  const REST = 20000; // milliseconds after which what it holds is given back
  const byHeic = besides(HEIC_WORKER, [BYTES, FITTING, HEIC_LIBRARY], PATIENCE, REST);

  const fromHeic = async (bytes, name) => {
    const found = await byHeic({ bytes: bytes.buffer }, [bytes.buffer]);
    return named(found.pixels ? await draw("redrawn", found) : found, name);
  };

  const fromJpeg = async (bytes, name) => {
    let file = named(new Blob([bytes]), name);
    if (!ends(bytes)) {
      const lacksLittle = await draw("lacksItsEndOnly", file).catch(() => false);
      if (!lacksLittle) throw new Unfit(CUT);
      file = named(new Blob([bytes, new Uint8Array([0xff, 0xd9])]), name);
    }
    return isForeign(bytes) ? redrawn(file) : file;
  };

  // What the browser can draw, by whatever way there is.
  const fromOther = async (bytes, name, what) => {
    const blob = new Blob([bytes]);
    try {
      return named(await (what in FOREIGN || what === "HEIC" ? beside : draw)("redrawn", blob, {}, () => {}), name);
    } catch (error) {
      if (what === "HEIC") return fromHeic(bytes, name).catch(() => { throw new Unfit(HEIC); });
      throw new Unfit(FOREIGN[what] || NOT_DRAWN);
    }
  };

  // What is to be sent of a chosen file: {file}, a picture that the portal knows, or {pdf}, the bytes of a PDF. Rejects
  // with Unfit, the sentence why not.
  const taken = async (file) => {
    const bytes = await read(file);
    if (!bytes.length) throw new Unfit(EMPTY);
    const what = kind(bytes);
    if (what === "PDF") return { pdf: bytes };
    if (what === "JPEG") return { file: await fromJpeg(bytes, file.name) };
    const format = FORMATS.find((one) => one.name === what);
    if (!format) return { file: await fromOther(bytes, file.name, what) };
    if (!ends(bytes)) throw new Unfit(CUT);
    const whole = named(new Blob([bytes]), file.name, format);
    return { file: isForeign(bytes) ? await redrawn(whole) : whole };
  };

  return { MAX_BYTES, PLACES, Unfit, asStored, besides, fitting, named, preview, redrawn, script, styles, taken };
})();
