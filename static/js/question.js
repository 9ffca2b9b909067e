// The picture of an answer, made to fit as soon as it is chosen. Without this script the server says what is wrong.
"use strict";

(() => {
  const { Unfit, fitting, taken } = window.materialsPictures;
  const input = document.querySelector("[data-answer-picture]");
  const said = document.querySelector("[data-answer-said]");
  const button = input.form.querySelector("button[type=submit]");
  const hint = said.textContent;

  const fitted = async (chosen) => {
    const { file, pdf } = await taken(chosen);
    if (pdf) throw new Unfit("这是 PDF。请把要附的那一页截屏或拍照，存为图片后再选取。");
    const small = await fitting(file, () => {});
    if (!small) throw new Unfit("这张图片缩小不了。请截屏或重新拍照后再选取。");
    return small;
  };

  const put = (file) => {
    const list = new DataTransfer();
    if (file) list.items.add(file);
    input.files = list.files;
  };

  input.addEventListener("change", async () => {
    const chosen = input.files[0];
    if (!chosen) {
      said.textContent = hint;
      return;
    }
    button.disabled = true;
    said.textContent = "正在处理图片……";
    try {
      put(await fitted(chosen));
      said.textContent = "图片已选好，提交答复时一起发送。";
    } catch (error) {
      put(null);
      said.textContent = error instanceof Unfit ? error.message : "这张图片处理不了。请截屏或重新拍照后再选取。";
    } finally {
      button.disabled = false;
    }
  });
})();
