/* The application form: a section is saved without leaving the page, so that what is typed in the others stays; lists of
   units; an address typed once. Without it each section is sent as a page of its own. */
"use strict";

(() => {
  const SAVE = "保存这一部分";
  const page = document.querySelector("#content > .width");
  const sections = () => [...page.querySelectorAll("form[data-section]")];

  // --- fields that help one another -------------------------------------------------------------------------------

  // region → site → point: each list comes from the one before
  const AGAIN = 5000; // milliseconds until a list that did not come is asked for again
  const wanted = new WeakMap(); // list → the unit whose list it is to be: an answer for another one comes too late
  const empty = (select, parent, words) => {
    const [title] = select.options;
    title.textContent = words;
    select.replaceChildren(title);
    wanted.set(select, parent);
  };
  const refill = async (select, parent) => {
    empty(select, parent, parent ? "正在读取" : "请先选择上一项");
    if (!parent) return;
    let units;
    try {
      const address = `/units/?parent=${encodeURIComponent(parent)}`;
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      ({ units } = await answer.json());
    } catch { /* no network, or a page in place of the list */ }
    if (wanted.get(select) !== parent) return;
    if (!units) {
      select.options[0].textContent = "网络中断，正在重试";
      setTimeout(() => wanted.get(select) === parent && select.isConnected && refill(select, parent), AGAIN);
      return;
    }
    select.options[0].textContent = units.length ? "请选择" : "没有可选的单位";
    select.replaceChildren(select.options[0], ...units.map((unit) => new Option(unit.name, unit.code)));
    if (units.length === 1) {
      select.value = units[0].code;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  const refillBelow = async (select) => {
    const lists = [...select.form.querySelectorAll("select[data-units]")];
    const [next, ...others] = lists.slice(lists.indexOf(select) + 1);
    others.forEach((one) => empty(one, "", "请先选择上一项"));
    if (next) await refill(next, select.value);
  };

  // the trial institution is the employer: shown at once, saved as shown
  const copyEmployer = (form) => {
    const same = form.elements.same_as_employer;
    if (!same) return;
    form.querySelectorAll("[name^=trial_]").forEach((field) => {
      const source = form.elements[field.name.replace("trial_", "employer_")];
      if (same.checked && source) field.value = source.value;
      field.readOnly = same.checked;
    });
  };

  // --- what was typed and is not saved yet ------------------------------------------------------------------------

  ["input", "change"].forEach((kind) => document.addEventListener(kind, (event) => {
    const form = event.target.closest("form[data-section]");
    if (!form) return;
    form.dataset.changed = "yes";
    if (kind === "change" && event.target.matches("select[data-units]")) refillBelow(event.target);
    const { same_as_employer: same } = form.elements;
    if (same && (same.checked || event.target === same)) copyEmployer(form);
  }));
  // what is not kept yet (form_drafts.js) is not left without a word, section by section
  window.addEventListener("beforeunload", (event) => {
    if (sections().some((form) => form.dataset.changed && !window.formDrafts.isKept(form))) event.preventDefault();
  });

  // --- the page as the server draws it after a save ----------------------------------------------------------------

  // What somebody is typing into keeps its form; of the fresh one it takes what the next save needs to know.
  const keepTyping = (form, fresh, saved) => {
    const code = form.dataset.section;
    const drawn = fresh.querySelector(`form[data-section="${code}"]`);
    if (drawn) {
      // what is typed there was drawn before, and it is for the server to see whether that is still what it was
      const names = form === saved ? ["seen", "form_of", "drawn"] : ["seen", "form_of"];
      names.forEach((name) => { form.elements[name].value = drawn.elements[name].value; });
      drawn.replaceWith(form);
    } else {
      fresh.querySelector(`#section_${code} .card-body`).append(form);
    }
    fresh.querySelector(`#section_${code}`).open = true;
  };

  const dress = (root) => root.querySelectorAll("[data-choose]").forEach((button) => { button.hidden = true; });

  const take = (html, saved) => {
    const drawn = new DOMParser().parseFromString(html, "text/html");
    const fresh = drawn.querySelector("#content > .width");
    const opened = fresh.querySelector("details.section[data-here]");
    // what a browser has filled in by itself, perhaps without an event, has been typed too
    const isTyped = (form) => form.dataset.changed || (form !== saved && !window.formDrafts.isKept(form));
    sections().filter(isTyped).forEach((form) => keepTyping(form, fresh, saved));
    dress(fresh);
    page.replaceChildren(...fresh.childNodes);
    window.formQuestions.follow();
    window.formDrafts.begin(sections());
    if (saved.dataset.changed) window.formDrafts.anew(saved);
    const [stepper, steps] = [document, drawn].map((one) => one.querySelector(".stepper-band"));
    if (stepper && steps) stepper.replaceWith(steps);
    const wrong = page.querySelector("[data-error-summary]");
    const next = wrong || (opened && opened.querySelector("summary"));
    if (next) {
      (wrong || opened).scrollIntoView();
      next.focus({ preventScroll: true });
    }
    heard.textContent = [...page.querySelectorAll(":scope > .notice .notice-text")].map((one) => one.textContent).join("");
  };

  const heard = document.createElement("div"); // what was done or refused, for who does not see the page
  heard.className = "visually-hidden";
  heard.setAttribute("role", "status");
  document.body.append(heard);

  // --- saving -----------------------------------------------------------------------------------------------------

  // Says beside the button why nothing was saved.
  const tell = (form, ...words) => {
    const note = form.querySelector("[data-save-note]");
    const word = document.createElement("span");
    word.className = "notice-word";
    word.textContent = "没有保存";
    note.querySelector(".notice-text").replaceChildren(word, ...words);
    note.hidden = false;
  };

  const login = () => {
    const link = document.createElement("a");
    Object.assign(link, { href: "/login/", target: "_blank", textContent: "登录（新窗口）" });
    return link;
  };

  const refused = (html) => {
    const sentence = new DOMParser().parseFromString(html, "text/html").querySelector(".plain-page p");
    return sentence ? sentence.textContent : `请稍后再点“${SAVE}”。`;
  };

  const save = async (form) => {
    await window.formDrafts.settle(form);
    const typed = new URLSearchParams(new FormData(form));
    window.formQuestions.leftOut(form).forEach((name) => typed.delete(name));
    if (window.csrfToken()) typed.set("csrfmiddlewaretoken", window.csrfToken());
    delete form.dataset.changed; // set again by what is typed meanwhile
    let answer;
    let html;
    try {
      const headers = { Accept: "text/html" };
      answer = await fetch(form.getAttribute("action"), { method: "POST", headers, body: typed, credentials: "same-origin" });
      html = await answer.text();
    } catch (error) {
      form.dataset.changed = "yes";
      tell(form, `网络中断。您填写的内容还在这一页上，请检查网络后再点“${SAVE}”。`);
      return;
    }
    const { pathname } = new URL(answer.url);
    if (answer.ok && pathname === new URL(form.action).pathname) {
      take(html, form);
      history.pushState(null, "", answer.url);
      return;
    }
    form.dataset.changed = "yes";
    if (answer.status === 403 || pathname === "/login/") {
      tell(form, "登录已过期。您填写的内容还在这一页上：请先", login(), `，再回到这里点“${SAVE}”。`);
    } else if (answer.ok) {
      tell(form, "这份报名表现在不能填写：请在新窗口打开“我的报名”查看。");
    } else {
      tell(form, refused(html));
    }
  };

  // before portal.js, which takes a form that was pressed for one that leaves the page
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-section]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.saving) return;
    form.dataset.saving = "yes";
    form.querySelector("[data-save-note]").hidden = true;
    const button = form.querySelector(".btn-row button[type=submit]");
    button.textContent = "正在保存";
    await save(form);
    button.textContent = SAVE;
    delete form.dataset.saving;
  }, true);

  // --- where one is -----------------------------------------------------------------------------------------------

  // a link to a field opens the section that it lies in; back and forward the one that they stand for
  const open = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const section = target && target.closest("details");
    if (section && !section.open) {
      section.open = true;
      target.scrollIntoView();
    }
  };
  window.addEventListener("hashchange", open);
  window.addEventListener("popstate", () => {
    const section = document.getElementById(`section_${new URLSearchParams(location.search).get("section")}`);
    if (section) section.open = true;
  });
  dress(page);
  window.formDrafts.begin(sections());
  open();
})();
