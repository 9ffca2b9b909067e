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

  // a document camera's file may be dropped onto the category that it shows; beside it the browser would open the file
  // in this page's place, and what is marked and not saved would be gone
  const category = form.querySelector("select[name=category]");
  const place = (event) => event.target.closest?.("[data-category]");
  const over = (event, yes) => place(event)?.classList.toggle("is-over", yes);
  for (const name of ["dragover", "drop"]) {
    window.addEventListener(name, (event) => { if (event.target !== input) event.preventDefault(); });
  }
  window.addEventListener("dragover", (event) => over(event, true));
  window.addEventListener("dragleave", (event) => over(event, false));
  window.addEventListener("drop", (event) => {
    const onto = place(event);
    over(event, false);
    if (!onto || !event.dataTransfer.files.length) return;
    category.value = onto.dataset.category;
    put(event.dataTransfer.files[0]);
    input.dispatchEvent(new Event("change"));
    button.scrollIntoView({ block: "center" });
  });

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
