/* What every page shares. Without it every page still works. */
"use strict";

// The CSRF token as it is now: a log-in in another tab has renewed it since this page was drawn. "" without a cookie.
window.csrfToken = () => (document.cookie.match(/(?:^|;\s*)(?:__Host-)?csrftoken=([^;]+)/) || ["", ""])[1];

// The list of what is to be corrected is read first; its links lead into the fields.
const summary = document.querySelector("[data-error-summary]");
if (summary) summary.focus();
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  const control = field && field.querySelector("input:not([type=hidden]), select, textarea");
  if (control) {
    event.preventDefault();
    const section = field.closest("details");
    if (section) section.open = true;
    field.scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  }
});

// A form is sent once: the second press of an impatient thumb is dropped.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const token = window.csrfToken();
  if (token && form.elements.csrfmiddlewaretoken) form.elements.csrfmiddlewaretoken.value = token;
  // a form that answers with a file leaves the page standing: it may be sent again
  setTimeout(() => delete form.dataset.sent, 5000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// A page drawn at its POST stays behind as its address: back asks for that, where the browser would have nothing to show.
if ("posted" in document.documentElement.dataset) {
  window.addEventListener("pagehide", () => history.replaceState(history.state, "", location.href));
}

// What a tab keeps of what was typed (typed.js): a browser may forbid it, and all still works.
window.tabKeeps = (() => {
  const attempt = (act) => { try { return act(sessionStorage); } catch { return null; } };
  return {
    get: (name) => attempt((tab) => tab.getItem(name)),
    set: (name, value) => attempt((tab) => tab.setItem(name, value)),
    drop: (name) => attempt((tab) => tab.removeItem(name)),
    all: () => attempt((tab) => Object.keys(tab)) || [],
  };
})();
// The first page after a form was sent tells that it was taken, unless it is the form again or the log-in comes between.
const sent = window.tabKeeps.get("sent");
const isItsPage = [...document.querySelectorAll("form[data-typed]")].some((form) => `typed:${form.dataset.typed}` === sent);
if (sent && !isItsPage && location.pathname !== "/login/") {
  window.tabKeeps.drop(sent);
  window.tabKeeps.drop("sent");
}
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/logout/") return;
  window.tabKeeps.all().filter((name) => name.startsWith("typed:")).forEach(window.tabKeeps.drop);
});

// A print button only shows where there is a script to serve it.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// What is to be copied can be marked and copied by hand, too: the clipboard is refused without https and by some windows.
document.querySelectorAll("[data-copy]").forEach((button) => {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.focus();
    field.select();
    let copied = false;
    try {
      await navigator.clipboard.writeText(field.value);
      copied = true;
    } catch {
      copied = document.execCommand("copy");
    }
    button.textContent = copied ? "已复制" : "请长按网址复制";
  });
});

// A bar that stays in view, a sheet's foot too, takes a fifth of the screen at most, however large the letters are.
document.querySelectorAll(".action-bar, .sheet-foot").forEach((bar) => {
  const measure = () => bar.classList.toggle("is-tall", bar.offsetHeight > window.innerHeight / 5);
  new ResizeObserver(measure).observe(bar);
  window.addEventListener("resize", measure);
});
