// Adds a passkey, or signs with one. A form with [data-passkey] (create, get) and [data-question] (JSON of WebAuthn, its
// bytes in base64url) is sent once its field `answer` holds what the device has answered; [data-passkey-note] says
// where that failed.
"use strict";

(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const note = form.querySelector("[data-passkey-note]");
  const question = JSON.parse(form.dataset.question);

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  function asked() {
    const publicKey = { ...question, challenge: bytes(question.challenge) };
    if (question.user) publicKey.user = { ...question.user, id: bytes(question.user.id) };
    if (question.excludeCredentials) publicKey.excludeCredentials = named(question.excludeCredentials);
    if (question.allowCredentials) publicKey.allowCredentials = named(question.allowCredentials);
    return { publicKey };
  }

  function told(credential) {
    const { response } = credential;
    const said = { clientDataJSON: words(response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach((name) => {
      if (response[name]) said[name] = words(response[name]);
    });
    return JSON.stringify({ id: credential.id, rawId: words(credential.rawId), type: credential.type, response: said });
  }

  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return; // answered: it goes
    event.preventDefault();
    if (form.elements.label && !form.elements.label.value.trim()) { form.elements.label.focus(); return; }
    note.hidden = true;
    try {
      const credential = await navigator.credentials[form.dataset.passkey](asked());
      form.elements.answer.value = told(credential);
    } catch {
      note.hidden = false;
      return;
    }
    form.requestSubmit();
  });
})();
