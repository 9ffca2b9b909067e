/* Draws a PDF's pages beside the page (materials_pdf.js): {needs} once, the scripts; then {number, act, given} in,
   {number, done} or {number, problem} out, where problem is the error's name. */
"use strict";

self.window = self; // pdf.js looks for its other half there, and does not take this worker for its own

let asked = Promise.resolve(); // one after another

const answer = async ({ number, act, given }) => {
  try {
    new OffscreenCanvas(1, 1).getContext("2d").fillRect(0, 0, 1, 1); // some have the canvas, and nothing to draw with
    self.postMessage({ number, done: await self.materialsPdf[act](...given) });
  } catch (error) {
    self.postMessage({ number, problem: error.name || String(error) });
  }
};

self.onmessage = ({ data }) => {
  if (data.needs) importScripts(...data.needs);
  else if (data.act) asked = asked.then(() => answer(data));
};
