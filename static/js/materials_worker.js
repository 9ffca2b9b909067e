/* Draws pictures beside the page (materials_fitting.js): {needs} once, the scripts; then {number, act, source, options}
   in; {number, share} while it goes on, then {number, done} or {number, problem}. */
"use strict";

let given = Promise.resolve(); // one after another: each holds a whole picture

const answer = async ({ number, act, source, options }) => {
  try {
    const done = await self.materialsFitting[act](source, options, (share) => self.postMessage({ number, share }));
    self.postMessage({ number, done }, done instanceof ImageBitmap ? [done] : []);
  } catch (error) {
    self.postMessage({ number, problem: String(error) });
  }
};

self.onmessage = ({ data }) => {
  if (data.needs) importScripts(...data.needs);
  else given = given.then(() => answer(data));
};
