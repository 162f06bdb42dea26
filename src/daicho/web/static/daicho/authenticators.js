// The browser's part of a WebAuthn ceremony: asks the authenticator and sends what it says.
// The server checks everything; without this script a code is typed instead.
"use strict";

{
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

  function read(options) {
    const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
    if (key.excludeCredentials) key.excludeCredentials = known(key.excludeCredentials);
    if (key.allowCredentials) key.allowCredentials = known(key.allowCredentials);
    return { publicKey: key };
  }

  function written(credential) {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: {},
      response,
    };
  }

  const WHY = {
    InvalidStateError: "この認証器は、もう登録されています。",
    SecurityError: "この宛先では認証器を使えません。",
  };

  function tell(form, why) {
    form.querySelector("[data-status]").textContent = why;
  }

  async function ask(form) {
    if (!window.PublicKeyCredential) {
      tell(form, "このブラウザーでは認証器を使えません。");
      return;
    }
    tell(form, "認証器の答えを待っています。");
    try {
      const options = read(JSON.parse(form.dataset.options));
      const credential = await navigator.credentials[form.dataset.authenticator](options);
      form.elements.answer.value = JSON.stringify(written(credential));
    } catch (refusal) {
      tell(form, WHY[refusal.name] ?? "認証器で確認できませんでした。もう一度お試しください。");
      return;
    }
    form.requestSubmit();
  }

  // Before anyone else hears of it: what has no answer yet is not sent.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.dataset.authenticator || form.elements.answer.value) return;
      event.preventDefault();
      event.stopPropagation();
      if (!form.dataset.asking) {
        form.dataset.asking = "asking";
        ask(form).finally(() => delete form.dataset.asking);
      }
    },
    true,
  );
}
