/* The pages of a PDF as pictures, by pdf.js; beside the page or, where a browser has no canvas there, in it. What a PDF
   would like to run is not run: no script of its own, nothing made by eval. */
"use strict";

self.materialsPdf = (() => {
  const DOTS = 200 / 72; // an inch, by the units of a PDF
  const LONGEST = 3200; // pixels a side
  const QUALITY = 0.95;
  const inPage = typeof document !== "undefined";

  const canvasOf = (width, height) => {
    if (!inPage) return new OffscreenCanvas(width, height);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    return canvas;
  };

  // What pdf.js draws its masks and patterns on.
  class Canvases {
    create(width, height) {
      const canvas = canvasOf(width, height);
      return { canvas, context: canvas.getContext("2d") };
    }

    reset(pair, width, height) {
      [pair.canvas.width, pair.canvas.height] = [width, height];
    }

    destroy(pair) {
      [pair.canvas.width, pair.canvas.height] = [0, 0];
      [pair.canvas, pair.context] = [null, null];
    }
  }

  class CharacterMaps {
    constructor({ baseUrl }) {
      this.base = baseUrl;
    }

    async fetch({ name }) {
      const answer = await fetch(`${this.base}${name}.bcmap`);
      if (!answer.ok) throw new Error(`no ${name}`);
      return { cMapData: new Uint8Array(await answer.arrayBuffer()), compressionType: 1 };
    }
  }

  let open = null;

  // Opens the file's bytes; gives how many pages it has. Rejects with an error whose name says why:
  // PasswordException, InvalidPDFException.
  const opened = async (bytes, { worker, maps }) => {
    if (open) await open.destroy();
    if (inPage) self.pdfjsLib.GlobalWorkerOptions.workerSrc = worker;
    open = self.pdfjsLib.getDocument({
      data: bytes,
      canvasFactory: new Canvases(),
      CMapReaderFactory: CharacterMaps,
      cMapUrl: maps,
      cMapPacked: true,
      disableFontFace: true, // drawn, not loaded: the page's policy lets no font in
      isEvalSupported: false,
      enableXfa: false,
      useWorkerFetch: false,
      useSystemFonts: true, // for what is written in a font that the file does not carry
      stopAtErrors: false,
      verbosity: 0,
    });
    return (await open.promise).numPages;
  };

  const coded = (canvas) => (canvas.convertToBlob
    ? canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY })
    : new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); }));

  // A page (from 1) as a JPEG: at 200 dots an inch, or of `longest` pixels a side.
  const drawn = async (number, longest) => {
    const page = await (await open.promise).getPage(number);
    const whole = page.getViewport({ scale: 1 });
    const side = Math.max(whole.width, whole.height);
    const scale = longest ? longest / side : Math.min(DOTS, LONGEST / side);
    const viewport = page.getViewport({ scale });
    const canvas = canvasOf(Math.max(1, Math.round(viewport.width)), Math.max(1, Math.round(viewport.height)));
    const canvasContext = canvas.getContext("2d", { alpha: false });
    // as for the printer: nothing waits for the screen
    await page.render({ canvasContext, viewport, intent: "print", background: "#fff", canvasFactory: new Canvases() }).promise;
    const blob = await coded(canvas);
    [canvas.width, canvas.height] = [0, 0];
    page.cleanup();
    return blob;
  };

  const close = async () => {
    if (open) await open.destroy();
    open = null;
  };

  return { close, drawn, opened };
})();
