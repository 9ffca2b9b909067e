/* The materials page with a script: sheets as dialogs, files one by one with their progress, cards that follow.
   Without it every link and form still works. */
"use strict";

(() => {
  const page = document.querySelector("[data-materials]");
  const announcer = document.querySelector("[data-announce]");
  const announce = (text) => { announcer.textContent = text; };
  const EXPIRED = "登录已过期：请在新窗口登录后，再点“重试”。";
  const OFFLINE = "网络中断，没有传完。请检查网络后点“重试”。";
  const MAX_BYTES = 204800;

  const kilobytes = (size) => (size < 1048576 ? `${Math.ceil(size / 102.4) / 10} KB` : `${(size / 1048576).toFixed(1)} MB`);

  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };

  // The next file takes the place of this picture; an empty id ends that.
  const replaceWith = (form, id, name) => {
    if (!form) return;
    form.elements.replaces.value = id;
    form.querySelector("[data-replaced]").textContent = name;
    form.querySelector("[data-replacing]").hidden = !id;
  };

  // --- sheets ---------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const sheet = opener && document.getElementById(opener.dataset.dialog);
    if (sheet && sheet.showModal) {
      event.preventDefault();
      replaceWith(sheet.querySelector("[data-upload]"), opener.dataset.replaces || "", opener.dataset.name || "");
      sheet.showModal();
      return;
    }
    const closer = event.target.closest("[data-close]");
    const open = closer && closer.closest("dialog[open]");
    if (open) {
      event.preventDefault();
      open.close();
    }
  });

  document.querySelectorAll("dialog.sheet").forEach((sheet) => {
    // what was refused has been read; what is still under way goes on and stays in the list
    sheet.addEventListener("close", () => {
      const category = sheet.id.replace(/^(upload|specimen)-/, "");
      sheet.querySelectorAll("[data-queue] li[data-done]").forEach((line) => line.remove());
      const opener = document.querySelector(`[data-dialog="${sheet.id}"]:not([data-replaces])`);
      (opener || document.getElementById(category)).focus();
    });
  });

  // --- one file ---------------------------------------------------------------------------------------------------

  // Sends one file; gives {status, answer}, where answer is the server's JSON or null.
  const send = (form, file, name, progress) => new Promise((resolve) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("replaces", form.elements.replaces.value);
    body.append("images", file, name);
    const request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action"));
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "text";
    request.timeout = 120000;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    const done = () => {
      let answer = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch (error) {
        answer = null;
      }
      resolve({ status: request.status, answer });
    };
    ["load", "error", "abort", "timeout"].forEach((name) => request.addEventListener(name, done));
    request.send(body);
  });

  const reason = ({ status, answer }) => {
    if (answer && answer.errors && answer.errors.length) return answer.errors[0].message;
    if (status === 0) return OFFLINE;
    if (status === 200 || status === 403) return EXPIRED;
    return "没有传上去，请稍后点“重试”。";
  };

  const queueLine = (file) => {
    const line = make("li");
    const head = make("span", "queue-name");
    line.size = make("span", "figure", kilobytes(file.size));
    head.append(make("span", "", file.name), line.size);
    line.bar = make("progress");
    line.bar.max = 1;
    line.bar.value = 0;
    line.bar.setAttribute("aria-label", `${file.name} 的上传进度`);
    line.note = make("span", "queue-note", "等待上传");
    line.append(head, line.bar, line.note);
    return line;
  };

  const settle = (line, className, text) => {
    line.dataset.done = "yes";
    line.bar.remove();
    line.note.className = `queue-note ${className}`;
    line.note.textContent = text;
  };

  // --- a photo that is too large is made to fit -------------------------------------------------------------------

  const SIDES = [2400, 2000, 1600, 1200]; // pixels of the long side, the first that fits

  // The file itself where it fits; else a JPEG of at most 200 KB, upright; null where the browser cannot read it.
  const fitting = async (file, told) => {
    if (file.size <= MAX_BYTES) return file;
    try {
      for (const side of SIDES) {
        const smaller = await imageCompression(file, {
          maxSizeMB: (MAX_BYTES - 2048) / 1048576,
          maxWidthOrHeight: side,
          alwaysKeepResolution: true,
          initialQuality: 0.9,
          maxIteration: 10,
          fileType: "image/jpeg",
          useWebWorker: false,
          onProgress: told,
        });
        if (smaller.size <= MAX_BYTES) {
          return new File([smaller], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
        }
      }
    } catch (error) {
      return null;
    }
    return null;
  };

  const unreadable = (file) => (/\.(heic|heif)$/i.test(file.name)
    ? "这是 HEIC 照片，浏览器读不了。请在手机上把照片导出为 JPEG（或截屏）后再上传。"
    : `这个文件有 ${kilobytes(file.size)}，上限是 200 KB，也没有能自动缩小。请另存为较小的 JPEG 后再上传。`);

  // Uploads one file in its line; true where it has been stored without anything to say about it.
  const upload = async (form, file, line) => {
    delete line.dataset.done;
    line.note.className = "queue-note";
    line.note.textContent = file.size > MAX_BYTES ? "正在缩小" : "正在上传";
    const sent = await fitting(file, (percent) => { line.bar.value = percent / 200; });
    if (!sent) {
      settle(line, "queue-bad", `没有上传：${unreadable(file)}`);
      return false;
    }
    if (sent !== file) line.size.textContent = `${kilobytes(file.size)} → ${kilobytes(sent.size)}`;
    line.note.textContent = "正在上传";
    const result = await send(form, sent, sent.name, (part) => { line.bar.value = part; });
    const image = result.answer && result.answer.images && result.answer.images[0];
    if (!image) {
      settle(line, "queue-bad", `没有上传：${reason(result)}`);
      if (!result.answer || result.status === 503) line.append(retryButton(form, file, line));
      return false;
    }
    replaceWith(form, "", "");
    settle(line, image.warnings.length ? "queue-warn" : "queue-good", ["已上传。", ...image.warnings].join(""));
    return image.warnings.length === 0;
  };

  const retryButton = (form, file, line) => {
    const button = make("button", "btn btn-outline-secondary", "重试");
    button.type = "button";
    button.setAttribute("aria-label", `重试 ${file.name}`);
    button.addEventListener("click", async () => {
      button.remove();
      line.note.before(line.bar);
      await upload(form, file, line);
      announce(`${file.name}：${line.note.textContent}`);
      refresh();
    });
    return button;
  };

  // --- many files -------------------------------------------------------------------------------------------------

  const finish = (form, lines, smooth) => {
    const stored = lines.filter((line) => line.note.classList.contains("queue-good") || line.note.classList.contains("queue-warn"));
    announce(`${lines.length} 个文件中，${stored.length} 个已上传${stored.length < lines.length ? `，${lines.length - stored.length} 个没有上传，原因见列表` : ""}。`);
    const sheet = form.closest("dialog");
    if (smooth && sheet.open && sheet.close) sheet.close();
  };

  // Files dropped or pasted are chosen as if by the button.
  const choose = (form, files) => {
    const pictures = [...files].filter((file) => file.type.startsWith("image/") || /\.(jpe?g|png|heic|heif)$/i.test(file.name));
    if (!pictures.length) return;
    const chosen = new DataTransfer();
    pictures.forEach((file) => chosen.items.add(file));
    form.elements.images.files = chosen.files;
    announce(`已选取 ${pictures.length} 个文件，点“提交”上传。`);
  };

  document.addEventListener("paste", (event) => {
    const form = document.querySelector("dialog[open] [data-upload]");
    if (form && event.clipboardData) choose(form, event.clipboardData.files);
  });

  document.querySelectorAll("[data-upload]").forEach((form) => {
    const input = form.elements.images;
    const sheet = form.closest("dialog");
    form.querySelector("[data-helped]").hidden = false;
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
      const files = [...input.files];
      if (!files.length) return;
      const lines = files.map(queueLine);
      form.querySelector("[data-queue]").append(...lines);
      input.value = "";
      input.required = false;
      let smooth = true;
      for (const [index, file] of files.entries()) {
        smooth = (await upload(form, file, lines[index])) && smooth;
      }
      input.required = true;
      await refresh();
      finish(form, lines, smooth);
    });
  });

  // --- the cards follow -------------------------------------------------------------------------------------------

  // Takes the cards as the server now draws them; sheets, files and what is being read stay as they are.
  const refresh = async () => {
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-materials]");
      if (fresh) page.replaceChildren(...fresh.childNodes);
    } catch (error) {
      announce("页面没有刷新，请手动刷新查看最新内容。");
    }
  };
})();
