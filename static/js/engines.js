/* What the browsers that we hold (README) lack, or do otherwise, in one place: each part goes when its browsers do.
   The other scripts are written as if it were there; tests/test_engines.py tells what they may not use at all. */
"use strict";

(() => {
  // --- Element.replaceChildren: Chrome before 86 -----------------------------------------------------------------------

  if (!Element.prototype.replaceChildren) {
    Element.prototype.replaceChildren = function replaceChildren(...nodes) {
      while (this.lastChild) this.lastChild.remove();
      this.append(...nodes);
    };
  }

  // --- which button sends a form, and sending it by one: Safari before 15.4 and 16, Chrome before 81 --------------------

  if (!("submitter" in Event.prototype) && !(window.SubmitEvent && "submitter" in SubmitEvent.prototype)) {
    let pressed = null; // by a pointer, by Enter in a field, by a script: a click each time, and the form goes within it
    window.addEventListener("click", ({ target }) => {
      pressed = target instanceof Element ? target.closest("button, input[type=submit], input[type=image]") : null;
      setTimeout(() => { pressed = null; });
    }, true);
    Object.defineProperty(Event.prototype, "submitter", {
      configurable: true,
      get() { return this.type === "submit" && pressed && pressed.form === this.target ? pressed : null; },
    });
  }
  if (!HTMLFormElement.prototype.requestSubmit) {
    HTMLFormElement.prototype.requestSubmit = function requestSubmit(submitter) {
      const button = submitter || document.createElement("button");
      if (!submitter) {
        button.hidden = true;
        this.append(button);
      }
      button.click();
      if (!submitter) button.remove();
    };
  }

  // --- <dialog>: Safari before 15.4, Firefox before 98 (its looks: older.css) -------------------------------------------

  const CAN_HAVE_FOCUS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";

  const holdsFocus = (dialog) => [...dialog.querySelectorAll(CAN_HAVE_FOCUS)]
    .filter((one) => !one.disabled && one.tabIndex >= 0 && one.getClientRects().length);

  if (!window.HTMLDialogElement) {
    document.documentElement.classList.add("no-dialog");
    const opened = []; // from the first to the one on top, each with what had the focus before it

    const methods = {
      showModal() {
        if (this.open) throw new DOMException("It is open already.", "InvalidStateError");
        opened.push({ dialog: this, before: document.activeElement });
        this.setAttribute("open", "");
        this.setAttribute("role", "dialog");
        this.setAttribute("aria-modal", "true");
        this.style.zIndex = 1060 + opened.length;
        (this.querySelector("[autofocus]") || holdsFocus(this)[0] || this).focus({ preventScroll: true });
        this.scrollTop = 0;
      },
      close(value) {
        if (!this.open) return;
        this.removeAttribute("open");
        if (value !== undefined) this.returnValue = value;
        const at = opened.findIndex(({ dialog }) => dialog === this);
        if (at >= 0) opened.splice(at, 1)[0].before.focus({ preventScroll: true });
        setTimeout(() => this.dispatchEvent(new Event("close")));
      },
    };
    Object.assign(HTMLUnknownElement.prototype, methods, { returnValue: "" });
    Object.defineProperty(HTMLUnknownElement.prototype, "open", { get() { return this.hasAttribute("open"); } });

    document.addEventListener("keydown", (event) => {
      if (!opened.length || (event.key !== "Tab" && event.key !== "Escape")) return;
      const { dialog } = opened[opened.length - 1];
      if (event.key === "Escape") {
        event.preventDefault();
        if (dialog.dispatchEvent(new Event("cancel", { cancelable: true }))) dialog.close();
        return;
      }
      const stops = holdsFocus(dialog);
      const first = event.shiftKey ? stops[stops.length - 1] : stops[0];
      const last = event.shiftKey ? stops[0] : stops[stops.length - 1];
      if (dialog.contains(document.activeElement) && document.activeElement !== last) return;
      event.preventDefault();
      if (first) first.focus();
    });
    document.addEventListener("submit", (event) => {
      if (event.target.getAttribute("method") !== "dialog") return;
      event.preventDefault();
      event.target.closest("dialog").close(event.submitter ? event.submitter.value : undefined);
    });
  }

  // --- an empty date: WebKit writes today's into it, in grey ------------------------------------------------------------

  if (CSS.supports("-webkit-nbsp-mode", "normal")) {
    const mark = () => document.querySelectorAll("input[type=date]").forEach((field) => {
      field.classList.toggle("is-empty", !field.value && !field.validity.badInput);
    });
    ["input", "change", "focusout", "reset"].forEach((kind) => document.addEventListener(kind, () => setTimeout(mark)));
    new MutationObserver(mark).observe(document.body, { childList: true, subtree: true });
    mark();
  }
})();
