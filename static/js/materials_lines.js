/* A chosen file and its line in the sheet: it is read, looked at, turned, cut, straightened; of a PDF the pages are
   ticked. */
"use strict";

window.materialsLines = (() => {
  const { PLACES, Unfit, preview, redrawn, script, taken } = window.materialsPictures;
  const { announce, make } = window.materialsCards;

  // What few need is fetched when a file asks for it.
  const later = (address, name, lack) => script(address).then(() => window[name], () => { throw new Unfit(lack); });
  const cropping = () => later(
    PLACES.cropping, "materialsCropping", "裁剪工具没有下载下来：请在网络恢复后再按一次“裁剪”或“拉直”，或直接上传。",
  );
  const pages = () => later(
    PLACES.pages, "materialsPages", "读 PDF 的工具没有下载下来：请在网络恢复后重新选取，或把需要的页导出为 JPEG 图片再上传。",
  );
  const cropped = async (...given) => (await cropping()).cropped(...given);
  const straightened = async (...given) => (await cropping()).straightened(...given);
  const prepare = async () => (await cropping()).prepare();

  const kilobytes = (size) => (size < 1048576 ? `${Math.ceil(size / 102.4) / 10} KB` : `${(size / 1048576).toFixed(1)} MB`);

  const act = (text, label, work) => {
    const button = make("button", "", text);
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.addEventListener("click", work);
    return button;
  };

  const READING = "正在读取";
  const PATIENCE = 5000; // milliseconds that sending waits for a file's small picture

  // A chosen file and its line: {file, chosen (as it was before it was turned), clicks (of 转 90°) and quarters (that
  // `file` has been turned by), before (bytes as chosen), sent (made to fit, once it has been), isLost (an answer did not
  // come), pdf (bytes of which no page has been ticked yet), bad (the sentence why it cannot be sent), line, and work: a
  // promise of all that is being done to it}. What is `ready` has been read and looked at before. `hooks`: {leave(item),
  // instead(item, items)}, what the list does where a file is left out, or gives way to others.
  const queueItem = (file, { hooks, ready = false }) => {
    const line = make("li");
    line.tabIndex = -1; // has the focus while it is tried again
    const item = { file, chosen: file, clicks: 0, quarters: 0, before: file.size, sent: null, isLost: false, pdf: null, bad: "", line, hooks };
    const head = make("span", "queue-name");
    line.size = make("span", "figure", kilobytes(file.size));
    head.append(make("span", "", file.name), line.size);
    line.preview = make("canvas", "queue-preview");
    line.preview.hidden = true;
    line.acts = make("span", "queue-acts");
    line.acts.append(
      act("转 90°", `转 90°：${file.name}`, () => turn(item)),
      act("裁剪", `裁剪 ${file.name}`, () => work(item, cropped, "已裁剪")),
      act("拉直", `拉直 ${file.name}`, () => work(item, straightened, "已拉直")),
      act("不传", `不传 ${file.name}`, () => hooks.leave(item)),
    );
    line.bar = make("progress");
    line.bar.max = 1;
    line.bar.value = 0;
    line.bar.hidden = true;
    line.bar.setAttribute("aria-label", `${file.name} 的上传进度`);
    line.note = make("span", "queue-note", "等待上传");
    line.append(head, line.preview, line.acts, line.bar, line.note);
    prepare().catch(() => {}); // told where it is asked for
    item.work = ready ? look(item) : take(item);
    return item;
  };

  const onlyLeaving = ({ acts }) => acts.replaceChildren(acts.lastChild);

  // Its small picture; one that cannot be drawn cannot be changed here, but sent.
  const look = ({ file, line }) => Promise.race([
    preview(file, line.preview).catch(() => onlyLeaving(line)),
    new Promise((resolve) => { setTimeout(resolve, PATIENCE); }),
  ]);

  // Reads the file, at once, and makes of it what the portal takes; or says why not.
  const take = async (item) => {
    const { line, file } = item;
    line.note.textContent = READING;
    try {
      const found = await taken(file);
      if (found.pdf) {
        const { count, file: page } = await (await pages()).counted(found.pdf, file.name);
        if (count > 1) {
          offerPages(item, found.pdf, count);
          return;
        }
        found.file = page;
      }
      Object.assign(item, { file: found.file, chosen: found.file });
      if (line.note.textContent === READING) line.note.textContent = "等待上传";
      await look(item);
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      item.bad = error.message;
      onlyLeaving(line);
      line.note.className = "queue-note queue-bad";
      line.note.textContent = item.bad;
      announce(`${file.name}：${item.bad}`);
    }
  };

  // One thing after another is done to a file; what fails leaves it as it was.
  const next = (item, begin) => {
    item.work = item.work.then(() => !item.bad && !item.pdf && begin()).catch((error) => {
      item.clicks = item.quarters;
      if (item.bad) return;
      const isTold = error instanceof Unfit;
      item.line.note.textContent = isTold ? error.message : "浏览器读不了这张图片，不能在这里改；可以直接上传。";
      announce(`${item.file.name}：${item.line.note.textContent}`);
    });
  };

  const changed = async (item, said) => {
    item.line.note.textContent = `${said}，等待上传`;
    announce(`${item.file.name}${said}。`);
    await preview(item.file, item.line.preview);
  };

  // Every click counts; those that come while the picture is drawn are drawn together, from what was chosen.
  const turn = (item) => {
    item.clicks += 1;
    item.line.note.textContent = "正在旋转";
    next(item, async () => {
      if (item.quarters === item.clicks) return;
      const clicks = item.clicks;
      const angle = (clicks % 4) * 90;
      item.file = angle ? await redrawn(item.chosen, { quarters: clicks % 4 }) : item.chosen;
      item.quarters = clicks;
      await changed(item, angle ? `已向右转 ${angle}°` : "已转回原来的方向");
    });
  };

  let working = false; // there is one sheet of each kind for all

  const work = (item, tool, said) => {
    if (working) return;
    working = true;
    next(item, async () => {
      try {
        const left = item.line.acts.isConnected && await tool(item.file, announce); // not sent off in the meantime
        if (!left) return;
        Object.assign(item, { file: left, chosen: left, clicks: 0, quarters: 0 });
        await changed(item, said);
      } finally {
        working = false;
      }
    });
  };

  // --- a PDF of several pages ---------------------------------------------------------------------------------------

  const offerPages = (item, pdf, count) => {
    item.pdf = pdf;
    item.line.note.textContent = `这个 PDF 有 ${count} 页：请点“选页”，勾选要上传的页。`;
    onlyLeaving(item.line);
    item.line.acts.prepend(act("选页", `选页：${item.file.name}`, () => choosePages(item)));
    announce(`${item.file.name}：${item.line.note.textContent}`);
    if (!document.querySelector("dialog[data-tool][open]") && item.line.closest("dialog[open]")) choosePages(item);
  };

  // The ticked pages come into the list in the PDF's place.
  const choosePages = async (item) => {
    if (working) return;
    working = true;
    try {
      const files = await (await pages()).chosen(item.pdf, item.file.name, announce);
      if (!files || !item.line.isConnected) return;
      const items = files.map((file) => queueItem(file, { hooks: item.hooks, ready: true }));
      item.line.before(...items.map(({ line }) => line));
      item.hooks.instead(item, items);
      item.line.remove();
      announce(`已选取 ${items.length} 页，点“提交”上传。`);
    } catch (error) {
      item.line.note.textContent = error.message;
      announce(error.message);
    } finally {
      working = false;
    }
  };

  return { act, choosePages, kilobytes, queueItem };
})();
