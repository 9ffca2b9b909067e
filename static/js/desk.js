// The desk: a scan marks who has come instead of leading to the case; the rest of the list ticked at once; a document
// camera's picture made to fit. Without this script the server does and says the same.
"use strict";

(() => {
  // --- arriving ---------------------------------------------------------------------------------------------
  const arriving = document.querySelector("[data-desk-arrive]");
  if (arriving) {
    const box = arriving.querySelector("input[name=text]");
    // at the window, before it reaches who would lead to the case
    window.addEventListener("review:scan", (event) => {
      const { code, field, restore, text } = event.detail;
      if (!code && field !== box) return;
      event.stopImmediatePropagation();
      restore();
      box.value = code || text;
      arriving.requestSubmit();
    }, true);
    if (!document.querySelector("[data-desk-came]")) box.focus();
    else document.querySelector("[data-desk-came] button, [data-desk-came] h2").focus();
  }

  // --- the on-site list -------------------------------------------------------------------------------------
  const all = document.querySelector("[data-all-seen]");
  if (all) {
    all.hidden = false;
    all.addEventListener("click", () => {
      for (const marks of document.querySelectorAll(".marks")) {
        if (!marks.querySelector("input:checked")) marks.querySelector("input[value=seen]").checked = true;
      }
    });
  }

  // --- pictures taken on site -------------------------------------------------------------------------------
  const form = document.querySelector("[data-capture]");
  if (!form || !window.materialsPictures) return;
  const { Unfit, fitting, taken } = window.materialsPictures;
  const input = form.querySelector("input[type=file]");
  const said = form.querySelector("[data-capture-said]");
  const button = form.querySelector("button");

  const put = (file) => {
    const list = new DataTransfer();
    if (file) list.items.add(file);
    input.files = list.files;
  };

  async function fitted(chosen) {
    const { file, pdf } = await taken(chosen);
    const small = pdf ? null : await fitting(file, () => {});
    if (!small) throw new Unfit("这个文件用不了：请让高拍仪存为 JPEG 图片，再拖到这里。");
    return small;
  }

  input.addEventListener("change", async () => {
    const chosen = input.files[0];
    if (!chosen) return;
    button.disabled = true;
    said.textContent = "正在处理图片……";
    try {
      put(await fitted(chosen));
      said.textContent = "图片已选好，请核对类别后保存。";
    } catch (error) {
      put(null);
      said.textContent = error instanceof Unfit ? error.message : "这张图片处理不了。请重新拍摄。";
    } finally {
      button.disabled = false;
    }
  });
})();
