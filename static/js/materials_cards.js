/* The cards of the materials page: they are drawn anew as the server draws them, put in order, and what happens is told. */
"use strict";

window.materialsCards = (() => {
  const page = document.querySelector("[data-materials]");
  const { move } = window.materialsSending;

  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };

  // Told where it can be heard: an open sheet makes all beneath it silent, one for working on a picture the others too.
  const announce = (text) => {
    const open = document.querySelector("dialog[data-tool][open]") || document.querySelector("dialog[open]") || document;
    const places = [...open.querySelectorAll("[data-announce]")];
    const place = places.find((one) => open !== document || !one.closest("dialog"));
    place.append(make("p", "", text));
    if (place.children.length > 20) place.firstElementChild.remove();
  };

  // --- the cards follow -------------------------------------------------------------------------------------------

  // What went wrong stands in its card until the card is drawn anew.
  const complain = (category, sentence) => {
    const card = document.getElementById(category);
    if (!card) return;
    card.querySelectorAll("[data-complaint]").forEach((one) => one.remove());
    const notice = make("div", "notice notice-error");
    notice.dataset.complaint = "";
    const icon = make("span", "icon icon-close");
    icon.setAttribute("aria-hidden", "true");
    const text = make("div", "notice-text");
    text.append(make("span", "notice-word", "未完成"), sentence);
    notice.append(icon, text);
    card.querySelector(".tiles").before(notice);
  };

  // Takes the cards as the server has drawn them, and the steps above them; sheets, files and what is being read stay as
  // they are, the focus too. Where 核对并提交 has nothing to submit any more, the server draws the desk instead.
  const take = (html) => {
    const drawn = new DOMParser().parseFromString(html, "text/html");
    const fresh = drawn.querySelector("[data-materials]");
    if (!fresh || fresh.dataset.materials !== page.dataset.materials) return; // another person's
    const held = page.contains(document.activeElement) && document.activeElement;
    page.replaceChildren(...fresh.childNodes);
    page.dataset.address = fresh.dataset.address;
    document.title = drawn.title;
    const [old, steps] = [document, drawn].map((one) => one.querySelector(".stepper-band"));
    if (old && steps) old.replaceWith(steps);
    page.dispatchEvent(new Event("drawn"));
    if (!held) return;
    const same = [...page.querySelectorAll(held.tagName)].find((one) => one.outerHTML === held.outerHTML);
    const card = held.closest("section");
    const instead = same || (card && document.getElementById(card.id));
    if (instead) instead.focus({ preventScroll: true });
  };

  const refresh = async () => {
    try {
      const answer = await fetch(page.dataset.address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (answer.ok) take(await answer.text()); // the login page has no cards: nothing is taken
    } catch (error) {
      announce("页面没有刷新，请手动刷新查看最新内容。");
    }
  };

  // drawn by the back button as it was left
  window.addEventListener("pageshow", (event) => event.persisted && refresh());

  // --- order --------------------------------------------------------------------------------------------------------

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-move]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const { value } = event.submitter;
    const { id } = form.closest(".tile");
    const category = form.closest("section").id;
    const { html, gone, problem } = await move(form, value);
    if (html) take(html);
    if (gone) await refresh();
    if (problem) {
      complain(category, problem);
      announce(problem);
      return;
    }
    const moved = document.getElementById(id);
    const button = moved && (moved.querySelector(`[value=${value}]`) || moved.querySelector("[data-move] button"));
    if (button) button.focus();
    const refused = document.querySelector(`#${category} .notice-error .notice-text`); // it is in the page by now
    if (refused) announce(refused.textContent.trim());
    else if (moved) announce(`已移到第 ${[...moved.parentNode.children].indexOf(moved) + 1} 张。`);
  });

  return { announce, complain, make, refresh };
})();
