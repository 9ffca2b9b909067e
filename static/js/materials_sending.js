/* What the materials page sends, and what the answers mean to a person. */
"use strict";

window.materialsSending = (() => {
  const EXPIRED = "登录已过期：请在新窗口登录后，再点";
  const OFFLINE = "网络中断，没有传完。请检查网络后点“重试”。";

  const OTHER = "这个浏览器现在登录的是另一个账号。请刷新页面后再操作。";

  // The token as it is at this moment: a login in another window renews it.
  const token = (form) => window.csrfToken() || form.elements.csrfmiddlewaretoken.value;

  // Whether a login in another window was somebody else's, whose pictures these are not.
  const page = document.querySelector("[data-materials]");
  let known = window.csrfToken();
  const isOther = async () => {
    const now = window.csrfToken();
    if (now === known) return false;
    try {
      const answer = await fetch(page.dataset.address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-materials]");
      if (!answer.ok || (answer.redirected && !fresh)) return false; // nobody is logged in: it will be answered so
      if (!fresh || fresh.dataset.materials !== page.dataset.materials) return true;
      known = now;
    } catch (error) {
      // the network is away: what is sent will fail of itself
    }
    return false;
  };

  const PATIENCE = 600000; // milliseconds that a picture waits for its turn, before its sender is asked
  const LONGEST = 60; // seconds until it asks for its turn again

  // Sends one file to the form's category, in the place of the picture `replaces` (or ""); gives {status, answer}, where
  // answer is the server's JSON or null. Where the server is busy with others it comes again, and calls `waits` before.
  const send = async (form, file, replaces, progress, waits) => {
    const end = Date.now() + PATIENCE;
    for (;;) {
      if (await isOther()) return { status: 409, answer: { errors: [{ message: OTHER }] } };
      const result = await post(form, file, replaces, progress);
      if (result.status !== 429 || !result.again || Date.now() > end) return result;
      waits();
      await new Promise((resolve) => { setTimeout(resolve, Math.min(result.again, LONGEST) * 1000); });
    }
  };

  const post = (form, file, replaces, progress) => new Promise((resolve) => {
    const body = new FormData();
    body.append("replaces", replaces);
    body.append("images", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action"));
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token(form));
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
      resolve({ status: request.status, answer, again: Number(request.getResponseHeader("Retry-After")) || 0 });
    };
    ["load", "error", "abort", "timeout"].forEach((name) => request.addEventListener(name, done));
    request.send(body);
  });

  const reason = ({ status, answer }) => {
    if (answer && answer.errors && answer.errors.length) return answer.errors[0].message;
    if (status === 0) return OFFLINE;
    if (status === 200 || status === 403) return `${EXPIRED}“重试”。`;
    return "没有传上去，请稍后点“重试”。";
  };

  // Moves a picture; gives {html}, the page as the server now draws it, or {problem}, the sentence why nothing moved.
  const move = async (form, direction) => {
    if (await isOther()) return { problem: OTHER };
    const headers = { Accept: "text/html", "X-CSRFToken": token(form) };
    const body = new URLSearchParams({ direction });
    let answer;
    try {
      answer = await fetch(form.getAttribute("action"), { method: "POST", headers, body, credentials: "same-origin" });
    } catch (error) {
      return { problem: "网络中断，次序没有改变。请检查网络后再试。" };
    }
    if (answer.status === 404) return { gone: true, problem: "这张图片已经不在了，可能已在别的窗口删除。" };
    const isDrawn = new URL(answer.url).pathname === page.dataset.address;
    if (answer.status === 403 || (answer.ok && !isDrawn)) return { problem: `次序没有改变。${EXPIRED}一次。` };
    if (!answer.ok) return { problem: "次序没有改变，请稍后再试。" };
    return { html: await answer.text() };
  };

  return { move, reason, send };
})();
