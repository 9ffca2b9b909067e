/* An institution's name or number, with what the list holds that begins like it: a combobox after ARIA's pattern. What is
   chosen fills in the institution's other fields; all of it can be changed. Without a script there is a button 查找.
     input[data-find]          what the names of its institution's fields begin with
     input[data-find-by]       name or registration_number
     input[data-find-least]    characters before anything is looked up */
"use strict";

(() => {
  const PAUSE = 250; // milliseconds after the last key
  const ADDRESS = "/application/institutions/";
  const MOST = 10;
  const filled = new WeakMap(); // field → what an earlier choice wrote into it
  let shown = null; // { input, found, at }: the list that is open
  let asked = 0;
  let timer;
  let isChoosing = false;
  const listOf = (input) => document.getElementById(`${input.id}_found`);
  const tell = (input, sentence) => { document.getElementById(`${input.id}_told`).textContent = sentence; };

  // --- what stands at the field -------------------------------------------------------------------------------------

  const element = (tag, attributes, ...inside) => {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...inside);
    return made;
  };
  const dress = (input) => {
    const list = element("ul", { id: `${input.id}_found`, class: "found", role: "listbox", "aria-label": "名单中的机构" });
    list.hidden = true;
    const attributes = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
    Object.entries(attributes).forEach(([name, value]) => input.setAttribute(name, value));
    input.after(list, element("div", { id: `${input.id}_told`, class: "found-told", role: "status" }));
    input.parentElement.classList.add("finds");
  };
  const dressAll = () => document.querySelectorAll("input[data-find]:not([role])").forEach(dress);

  const close = () => {
    clearTimeout(timer);
    asked += 1; // what is still on its way comes too late
    if (!shown) return;
    const { input } = shown;
    shown = null;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    if (listOf(input)) listOf(input).hidden = true;
  };
  const point = (at) => {
    const options = [...listOf(shown.input).children];
    shown.at = (at + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === shown.at)));
    shown.input.setAttribute("aria-activedescendant", options[shown.at].id);
    options[shown.at].scrollIntoView({ block: "nearest" });
  };
  const show = (input, found) => {
    close();
    tell(input, found.length ? "" : "名单中没有以此开头的机构，可以直接填写。");
    if (!found.length) return;
    shown = { input, found, at: -1 };
    listOf(input).replaceChildren(...found.map((one, at) => {
      const more = element("span", { class: "found-more" }, [one.registration_number, one.address].filter(Boolean).join(" "));
      return element("li", { id: `${input.id}_found_${at}`, role: "option", "aria-selected": "false" }, one.name, more);
    }));
    listOf(input).hidden = false;
    input.setAttribute("aria-expanded", "true");
    const few = `找到 ${found.length} 个：点选填入，也可以用上下键选择、回车填入。`;
    tell(input, found.length === MOST ? `列出前 ${MOST} 个：没有您的机构时请多输入几个字，或直接填写。` : few);
  };

  // --- looking up, and choosing --------------------------------------------------------------------------------------

  const find = async (input) => {
    close();
    const mine = asked;
    const typed = input.value.trim();
    if ([...typed].length < Number(input.dataset.findLeast)) {
      tell(input, "");
      return;
    }
    const body = new URLSearchParams({ by: input.dataset.findBy, typed, csrfmiddlewaretoken: window.csrfToken() });
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(ADDRESS, { method: "POST", redirect: "manual", headers, body });
      const said = answer.ok || answer.status === 429 ? await answer.json() : {};
      if (mine !== asked || document.activeElement !== input) return;
      if (said.found) show(input, said.found);
      else tell(input, said.message || "");
    } catch {
      // no network: it is typed as ever
    }
  };
  const choose = (at) => {
    const { input, found } = shown;
    close();
    Object.entries(found[at]).forEach(([cell, value]) => {
      const field = input.form.elements[`${input.dataset.find}${cell}`];
      if (!field || field.disabled) return;
      // what the list does not know stays as typed, but not as the institution chosen before had it
      if (value || field.value === filled.get(field)) field.value = value;
      filled.set(field, value);
    });
    tell(input, "已按名单填入，请核对；都可以修改。");
    isChoosing = true;
    input.dispatchEvent(new Event("input", { bubbles: true })); // something is typed: it is kept
    isChoosing = false;
  };

  const isFinding = (input) => input.matches?.("input[data-find]") && !input.readOnly;
  const typed = (event) => {
    if (isChoosing || event.isComposing || !isFinding(event.target)) return;
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE, event.target);
  };
  document.addEventListener("input", typed);
  document.addEventListener("compositionend", typed); // Chinese is composed: the input before it does not count
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || !isFinding(event.target)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown) point(shown.at < 0 && step < 0 ? -1 : shown.at + step);
    else if (step === 1) find(event.target);
    else if (event.key === "Enter" && shown && shown.at >= 0) choose(shown.at);
    else if (event.key === "Escape" && shown) close();
    else return;
    event.preventDefault();
  });
  document.addEventListener("focusout", (event) => {
    if (!isFinding(event.target)) return;
    close();
    tell(event.target, "");
  });
  document.addEventListener("mousedown", (event) => { if (event.target.closest(".found")) event.preventDefault(); }); // the field keeps the focus
  document.addEventListener("click", (event) => {
    const option = event.target.closest(".found > [role=option]");
    if (option && shown) choose([...option.parentElement.children].indexOf(option));
  });

  // the page is drawn anew after a save, and rows are added
  new MutationObserver(dressAll).observe(document.getElementById("content"), { childList: true, subtree: true });
  dressAll();
})();
