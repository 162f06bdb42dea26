// The browser's part of coming in with a test card: the file is read here, opened with the PIN here,
// and signs the server's question here. Neither key nor PIN leaves; the server checks everything.
"use strict";

{
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

  async function keyOf(card, pin) {
    const typed = await crypto.subtle.importKey(
      "raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
    const lock = await crypto.subtle.deriveKey(
      { name: "PBKDF2", hash: "SHA-256", salt: bytes(card.salt), iterations: card.iterations },
      typed, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    const opened = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: bytes(card.iv) }, lock, bytes(card.key));
    return crypto.subtle.importKey(
      "pkcs8", opened, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  }

  // A wrong PIN opens nothing: an empty answer is sent, and the server counts it.
  async function signature(card, pin, message) {
    try {
      const key = await keyOf(card, pin);
      const how = { name: "ECDSA", hash: "SHA-256" };
      return text(await crypto.subtle.sign(how, key, bytes(message)));
    } catch {
      return "";
    }
  }

  async function read(file) {
    try {
      const card = JSON.parse(await file.text());
      return typeof card.certificate === "string" ? card : null;
    } catch {
      return null;
    }
  }

  // Pressed again while it works, it does nothing: a question is answered once.
  async function enter(form) {
    if (form.dataset.busy) return;
    const status = form.querySelector("[data-status]");
    const chosen = form.querySelector("#card").files[0];
    const pin = form.querySelector("#pin").value;
    const card = chosen ? await read(chosen) : null;
    if (!card || !/^[0-9]{4}$/.test(pin)) {
      status.textContent = form.dataset.missing;
      return;
    }
    form.dataset.busy = "yes";
    status.textContent = form.dataset.working;
    form.elements.certificate.value = card.certificate;
    form.elements.signature.value = await signature(card, pin, form.dataset.message);
    form.submit();
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-card]")) return;
    event.preventDefault();
    enter(event.target);
  });
}
