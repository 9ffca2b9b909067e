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

  // --- sheets ---------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const sheet = opener && document.getElementById(opener.dataset.dialog);
    if (sheet && sheet.showModal) {
      event.preventDefault();
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
      const opener = document.querySelector(`[data-dialog="${sheet.id}"]`);
      (opener || document.getElementById(category)).focus();
    });
  });

  // --- one file ---------------------------------------------------------------------------------------------------

  // Sends one file; gives {status, answer}, where answer is the server's JSON or null.
  const send = (form, file, name, progress) => new Promise((resolve) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
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
    head.append(make("span", "", file.name), make("span", "figure", kilobytes(file.size)));
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

  // Uploads one file in its line; true where it has been stored without anything to say about it.
  const upload = async (form, file, line) => {
    delete line.dataset.done;
    if (file.size > MAX_BYTES) {
      settle(line, "queue-bad", `没有上传：这个文件有 ${kilobytes(file.size)}，上限是 200 KB。请缩小后再选。`);
      return false;
    }
    line.note.className = "queue-note";
    line.note.textContent = "正在上传";
    const result = await send(form, file, file.name, (part) => { line.bar.value = part; });
    const image = result.answer && result.answer.images && result.answer.images[0];
    if (!image) {
      settle(line, "queue-bad", `没有上传：${reason(result)}`);
      if (!result.answer || result.status === 503) line.append(retryButton(form, file, line));
      return false;
    }
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

  document.querySelectorAll("[data-upload]").forEach((form) => {
    const input = form.elements.images;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const files = [...input.files];
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
