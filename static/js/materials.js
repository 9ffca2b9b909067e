/* The materials page with a script: sheets as dialogs, files one by one with their progress.
   Without it every link and form still works. */
"use strict";

(() => {
  const { MAX_BYTES, asStored, fitting } = window.materialsPictures;
  const { act, choosePages, kilobytes, queueItem } = window.materialsLines;
  const { reason, send } = window.materialsSending;
  const { announce, complain, refresh } = window.materialsCards;
  const { asks, began, ended } = window.materialsSubmitting;

  // Each opening of a sheet has its own target: {replaces, the picture whose place the first stored file takes, or ""}.
  const targets = new Map(); // form -> the target of what is sent from it now

  const sayReplaced = (form, id, name) => {
    form.elements.replaces.value = id;
    form.querySelector("[data-replaced]").textContent = name;
    form.querySelector("[data-replacing]").hidden = !id;
  };

  const aim = (form, id, name) => {
    targets.set(form, { replaces: id });
    sayReplaced(form, id, name);
  };

  // --- sheets ---------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const sheet = opener && document.getElementById(opener.dataset.dialog);
    if (sheet && sheet.showModal) {
      event.preventDefault();
      const form = sheet.querySelector("[data-upload]");
      if (form) aim(form, opener.dataset.replaces || "", opener.dataset.name || "");
      sheet.querySelectorAll("[data-queue] .queue-good").forEach((note) => note.closest("li").remove());
      if (form) offer(form);
      sheet.showModal();
      if (opener.dataset.picture) takeStored(form, opener.dataset);
      return;
    }
    const closer = event.target.closest("[data-close]");
    const open = closer && closer.closest("dialog[open]");
    if (open) {
      event.preventDefault();
      if (closer.matches("[data-discard]")) discard(open.querySelector("[data-upload]"));
      open.close();
    }
  });

  // The list of what is missing gives way when one of its lines is pressed, or one goes on to something else.
  ["click", "focusin"].forEach((kind) => document.addEventListener(kind, (event) => {
    const list = document.querySelector("[data-missing][open]");
    const isTaken = kind === "click" && event.target.closest("a");
    if (list && (isTaken || !list.contains(event.target))) list.open = false;
  }));

  document.querySelectorAll("dialog.sheet:not([data-tool])").forEach((sheet) => {
    // what was chosen only waits and is told, what was refused has been read; what is under way goes on, stays listed
    sheet.addEventListener("close", () => {
      const category = sheet.id.replace(/^(upload|specimen)-/, "");
      const form = sheet.querySelector("[data-upload]");
      if (form) {
        discard(form, (item) => !item.isTaken);
        aim(form, "", "");
        const left = (waiting.get(form) || []).length;
        if (left) complain(category, `已选取 ${left} 个文件，还没有上传。点“上传”继续。`);
      }
      sheet.querySelectorAll("[data-announce]").forEach((one) => one.replaceChildren());
      sheet.querySelectorAll("[data-queue] li[data-done]").forEach((line) => line.remove());
      const opener = document.querySelector(`[data-dialog="${sheet.id}"]:not([data-replaces])`);
      (opener || document.getElementById(category)).focus();
    });
  });

  // --- one file ---------------------------------------------------------------------------------------------------

  const leaveOut = (item) => {
    const form = item.line.closest("[data-upload]");
    waiting.set(form, waiting.get(form).filter((one) => one !== item));
    item.line.remove();
    form.elements.images.required = !waiting.get(form).length;
    form.elements.images.focus();
    offer(form);
    announce(`不上传 ${item.file.name}。`);
  };

  // A PDF gives way to its pages.
  const putInstead = (form, item, others) => {
    const queued = waiting.get(form) || [];
    const at = queued.indexOf(item);
    waiting.set(form, [...queued.slice(0, at), ...others, ...queued.slice(at + 1)]);
    offer(form);
  };

  const settle = (line, className, text) => {
    line.dataset.done = "yes";
    line.bar.hidden = true;
    line.note.className = `queue-note ${className}`;
    line.note.textContent = text;
    announce(`${line.querySelector(".queue-name").firstChild.textContent}：${text}`);
  };

  const unreadable = (size) => `这个文件有 ${kilobytes(size)}，上限是 200 KB，也没有能自动缩小。请另存为较小的 JPEG 后再上传。`;

  const isStored = ({ line }) => line.note.matches(".queue-good, .queue-warn");

  const counts = new Map(); // form -> {all, done} of what was sent off, until all have their answers

  // Says in the sheet's foot how far it is: `more` were sent off, `answered` have their answer.
  const count = (form, more, answered = 0) => {
    const { all, done } = counts.get(form) || { all: 0, done: 0 };
    const now = { all: all + more, done: done + answered };
    const isOver = now.done >= now.all;
    if (isOver) counts.delete(form);
    else counts.set(form, now);
    form.querySelector("[data-count]").textContent = isOver ? "" : `共 ${now.all} 张，正在传第 ${now.done + 1} 张`;
  };

  // One file is sent after another, whatever sheet it came from.
  let sending = Promise.resolve();

  const inTurn = (form, item) => {
    began(item);
    const done = sending.then(() => upload(form, item)).finally(() => {
      ended(item, isStored(item));
      count(form, 0, 1);
    });
    sending = done.catch(() => {});
    return done;
  };

  const isRefused = ({ answer }, code) => Boolean(answer && answer.errors && answer.errors.some((one) => one.code === code));

  const BUSY = "前面的图片还在处理，轮到后自动上传，请不要关闭页面。";

  // Uploads one file in its line; true where it has been stored without anything to say about it.
  const upload = async (form, item) => {
    const { line } = item;
    delete line.dataset.done;
    await item.work;
    if (item.bad) {
      settle(line, "queue-bad", `没有上传：${item.bad}`);
      return false;
    }
    const { file } = item;
    line.bar.hidden = false;
    line.note.className = "queue-note";
    line.note.textContent = file.size > MAX_BYTES ? "正在缩小" : "正在上传";
    item.sent = item.sent || await fitting(file, (part) => { line.bar.value = part; });
    if (!item.sent) {
      settle(line, "queue-bad", `没有上传：${unreadable(item.file.size)}`);
      return false;
    }
    if (item.sent.size !== item.before) line.size.textContent = `${kilobytes(item.before)} → ${kilobytes(item.sent.size)}`;
    line.note.textContent = "正在上传";
    const waits = () => {
      if (line.note.textContent === BUSY) return;
      line.note.textContent = BUSY;
      announce(`${item.file.name}：${BUSY}`);
    };
    const hears = (part) => { line.bar.value = part; };
    let result = await send(form, item.sent, item.target.replaces, hears, waits);
    if (item.isLost && isRefused(result, "locked") && item.target.replaces) { // it has been replaced, perhaps by this one
      result = await send(form, item.sent, "", hears, waits);
    }
    const image = (result.answer && result.answer.images && result.answer.images[0])
      || (item.isLost && isRefused(result, "duplicate") && { warnings: [] }); // the answer was lost, not the picture
    if (!image) {
      item.isLost = item.isLost || !result.answer;
      settle(line, "queue-bad", `没有上传：${reason(result)}`);
      if (!result.answer || [429, 503].includes(result.status)) line.append(retryButton(form, item));
      return false;
    }
    item.target.replaces = "";
    if (targets.get(form) === item.target) sayReplaced(form, "", "");
    settle(line, image.warnings.length ? "queue-warn" : "queue-good", ["已上传。", ...image.warnings].join(""));
    return image.warnings.length === 0;
  };

  const retryButton = (form, item) => {
    const button = act("重试", `重试 ${item.file.name}`, async () => {
      item.line.focus();
      button.remove();
      delete item.line.dataset.done;
      offer(form);
      count(form, 1);
      await inTurn(form, item);
      offer(form);
      if (document.activeElement === item.line) (item.line.querySelector("button") || item.line).focus();
      await refresh();
    });
    button.className = "btn btn-outline-secondary";
    return button;
  };

  // --- what is left to do in a sheet ------------------------------------------------------------------------------

  // Once every file that was sent has its answer and none waits, 完成 closes the sheet; until then 取消 does.
  const offer = (form) => {
    const lines = [...form.querySelectorAll("[data-queue] li")];
    const isDone = lines.length > 0 && lines.every((line) => line.dataset.done);
    const closer = form.querySelector("[data-discard]");
    closer.textContent = isDone ? "完成" : "取消";
    closer.classList.toggle("btn-primary", isDone);
    closer.classList.toggle("btn-outline-secondary", !isDone);
    form.querySelector("[type=submit]").hidden = isDone;
  };

  // --- many files -------------------------------------------------------------------------------------------------

  const waiting = new Map(); // form -> the files chosen for it, not sent yet
  asks(() => [...waiting.values()].reduce((sum, items) => sum + items.length, 0));

  // Forgets what was chosen for the form, but for what `keeps` says.
  const discard = (form, keeps = () => false) => {
    const left = (waiting.get(form) || []).filter(keeps);
    (waiting.get(form) || []).forEach((item) => left.includes(item) || item.line.remove());
    if (left.length) waiting.set(form, left);
    else waiting.delete(form);
    form.elements.images.required = !left.length;
  };

  // Closes the sheet where all went well and nobody has opened it anew; else what went wrong is told where one looks.
  const finish = (form, items, target, smooth) => {
    const sheet = form.closest("dialog");
    const stored = items.filter(isStored).length;
    const lost = items.length - stored;
    offer(form);
    if (smooth && sheet.open && targets.get(form) === target && !waiting.has(form)) sheet.close();
    if (lost && !sheet.open) complain(form.dataset.upload, `${lost} 个文件没有上传。点“上传”看原因，或重试。`);
    announce(`${items.length} 个文件中，${stored} 个已上传${lost ? `，${lost} 个没有上传，原因见列表` : ""}。`);
  };

  // Files come by the button, the camera, dropped or pasted: each gets its line, and waits for 提交.
  const choose = (form, files) => {
    if (!files.length) return [];
    const hooks = { leave: leaveOut, instead: (item, others) => putInstead(form, item, others) };
    const items = [...files].map((file) => queueItem(file, { hooks }));
    waiting.set(form, [...(waiting.get(form) || []), ...items]);
    form.querySelector("[data-queue]").append(...items.map((item) => item.line));
    form.elements.images.required = false;
    offer(form);
    announce(`已选取 ${waiting.get(form).length} 个文件，点“提交”上传。`);
    return items;
  };

  // A stored picture that stands askew comes back into the list, to be turned there; the turned one takes its place.
  const takeStored = async (form, { picture, name }) => {
    const target = targets.get(form);
    try {
      const answer = await fetch(picture, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      const file = asStored(await answer.blob(), name);
      if (targets.get(form) !== target) return; // closed in the meantime
      const [item] = choose(form, [file]);
      item.isTaken = true;
      item.line.note.textContent = "请点“转 90°”，直到图片端正，再点“提交”。";
      announce(item.line.note.textContent);
    } catch (error) {
      announce("没有取到这张图片：请重新选取文件。");
    }
  };

  document.addEventListener("paste", (event) => {
    const form = document.querySelector("dialog[open] [data-upload]");
    if (form && event.clipboardData) choose(form, event.clipboardData.files);
  });

  // With a script more is taken than pictures that the portal keeps: it makes them of it. iOS makes JPEGs of its HEICs
  // itself, as long as nobody asks for HEIC. WeChat on Android opens its own chooser, for pictures, one at a time.
  const isApple = /iP(hone|ad|od)/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  const isWeChat = /MicroMessenger/.test(navigator.userAgent) && /Android/.test(navigator.userAgent);
  const takeMore = (form) => {
    form.elements.images.accept = isWeChat ? "image/*" : `image/*,.jfif,.pdf,application/pdf${isApple ? "" : ",.heic,.heif"}`;
    if (!isWeChat) return;
    form.elements.images.multiple = false;
    form.querySelector("[data-camera]").accept = "image/*";
    form.querySelector("[data-several]").textContent = "每次选取一张，可以选取多次";
  };

  document.querySelectorAll("[data-upload]").forEach((form) => {
    const sheet = form.closest("dialog");
    takeMore(form);
    targets.set(form, { replaces: form.elements.replaces.value });
    form.querySelectorAll("[data-helped]").forEach((one) => { one.hidden = false; });
    form.elements.images.classList.add("is-listed"); // what is chosen is in the list: the field's own words deny it
    form.querySelectorAll("[type=file]").forEach((input) => input.addEventListener("change", () => {
      choose(form, input.files);
      input.value = ""; // what is sent is in the list
    }));
    sheet.addEventListener("dragover", (event) => {
      event.preventDefault();
      sheet.classList.add("sheet-drop");
    });
    sheet.addEventListener("dragleave", () => sheet.classList.remove("sheet-drop"));
    sheet.addEventListener("drop", (event) => {
      event.preventDefault();
      sheet.classList.remove("sheet-drop");
      choose(form, event.dataTransfer.files);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const items = waiting.get(form) || [];
      const book = items.find((item) => item.pdf);
      if (book) { // nobody has said yet which of its pages
        choosePages(book);
        return;
      }
      waiting.delete(form);
      count(form, items.length);
      const target = targets.get(form);
      items.forEach((item) => {
        item.target = target;
        item.line.acts.remove();
      });
      const smooth = (await Promise.all(items.map((item) => inTurn(form, item)))).every(Boolean);
      form.elements.images.required = !waiting.has(form);
      await refresh();
      if (items.length) finish(form, items, target, smooth);
    });
  });
})();
