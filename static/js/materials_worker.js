/* Makes one picture smaller beside the page: {library, file, options} in; {percent} while it goes on, then {smaller} or
   {problem}. */
"use strict";

self.onmessage = async ({ data: { library, file, options } }) => {
  try {
    importScripts(library);
    const onProgress = (percent) => self.postMessage({ percent });
    self.postMessage({ smaller: await imageCompression(file, { ...options, onProgress }) });
  } catch (error) {
    self.postMessage({ problem: String(error) });
  }
};
