// 画面ロック: covers the page when nobody is there, and keeps what was typed. The server locks by
// itself as well: this only spares the clerk another page, and other eyes what stands on this one.
"use strict";

{
  const CHECK_MS = 1_000;
  const TELL_MS = 45_000; // the server notes a person no more often than each minute
  const AGAIN_MS = 5_000; // between two tries to tell the server that the screen is locked
  const TOKEN = "csrfmiddlewaretoken";
  const TITLE = "画面ロック | 台帳";
  const NO_ANSWER = "サーバーにつながりません。少し待って、もう一度押してください。";
  const EMPTY = "パスワードを入力してください。";

  const lock = document.getElementById("lock");
  const channel = new BroadcastChannel("daicho-lock");

  function begin() {
    const { mark } = lock.dataset;
    const idleMs = Number(lock.dataset.idleSeconds) * 1_000;
    const form = lock.querySelector("[data-unlock]");
    const password = form.elements.unlock_password; // none for who came from the city's directory
    const told = lock.querySelector("[data-unlock-told]");
    let isCovered = false;
    let isAsking = false;
    let isOver = false;
    let isTelling = false; // of a lock that the server has not taken yet
    let wall = Date.now();
    let steady = performance.now();
    let toldAt = Date.now();
    let before = null;
    let title = "";
    const putOff = new Map(); // what asks when the cover is lifted, and by which event

    // A clock that is set back makes nobody less idle; one that stops in sleep does not either.
    const idle = () => Math.max(Date.now() - wall, performance.now() - steady);
    const isTimeUp = () => idleMs > 0 && idle() >= idleMs;
    const rest = () => [...document.body.children].filter((one) => one !== lock);
    const say = (what) => channel.postMessage({ what, mark, token: form.elements[TOKEN].value });
    const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

    // After another sign-in the forms of this page are sent with the token of that one.
    function take(token) {
      for (const one of document.querySelectorAll(`input[name="${TOKEN}"]`)) one.value = token;
    }

    function focusLock() {
      (password ?? lock.querySelector("[data-sign-out] button")).focus();
    }

    // Gives the status of the answer and its words; 0 where there is none.
    async function send(address, fields) {
      const body = new FormData(form);
      body.delete("unlock_password");
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      try {
        const answer = await fetch(address, { method: "POST", body, redirect: "manual" });
        const isText = answer.headers.get("content-type")?.startsWith("text/plain");
        return { status: answer.status, text: isText ? await answer.text() : "" };
      } catch {
        return { status: 0, text: "" };
      }
    }

    function renew() {
      wall = Date.now();
      steady = performance.now();
    }

    function cover() {
      if (isCovered) return;
      isCovered = true;
      before = document.activeElement;
      title = document.title;
      document.querySelectorAll("dialog[open]").forEach((one) => one.close());
      for (const one of rest()) one.inert = true;
      document.body.dataset.locked = "locked";
      lock.hidden = false;
      document.title = TITLE;
      if (password) password.value = "";
      told.textContent = "";
      focusLock();
    }

    function uncover() {
      if (!isCovered) return;
      isCovered = false;
      renew();
      lock.hidden = true;
      delete document.body.dataset.locked;
      for (const one of rest()) one.inert = false;
      document.title = title;
      if (password) password.value = "";
      tellOver(false);
      before?.focus();
      for (const [element, kind] of putOff) if (kind) window.htmx.trigger(element, kind);
      putOff.clear();
    }

    function tellOver(is) {
      isOver = is;
      lock.querySelector("[data-locked-by]").hidden = isOver;
      lock.querySelector("[data-over]").hidden = !isOver;
    }

    // The session is no more: the page stays covered, unless the same person signs in here again.
    function end() {
      tellOver(true);
      cover();
      lock.querySelector("[data-over] a").focus();
    }

    // Told until the server has taken it: a covered page keeps nobody from opening another one.
    async function lockNow(by) {
      cover();
      if (isTelling || isOver) return;
      isTelling = true;
      while (isCovered && !isOver) {
        say("locked");
        const { status } = await send(lock.dataset.lock, { by });
        if (status === 403) end();
        if (status === 204 || status === 403) break;
        do await wait(AGAIN_MS);
        while (isAsking);
      }
      isTelling = false;
    }

    async function unlock() {
      if (isAsking || !password) return;
      if (!password.value) {
        told.textContent = EMPTY;
        password.focus();
        return;
      }
      isAsking = true;
      const { status, text } = await send(form.action, { unlock_password: password.value });
      isAsking = false;
      password.value = "";
      if (status === 204) {
        uncover();
        say("open");
      } else if (status === 403) {
        say("over");
        end();
      } else {
        told.textContent = text || NO_ANSWER;
        password.focus();
      }
    }

    async function check() {
      const { status } = await send(lock.dataset.here, {});
      if (status === 423) cover();
      if (status === 403) end();
      return status;
    }

    // Uncovers where the server says, to this very page, that nothing is locked.
    async function look() {
      if ((await check()) === 204) uncover();
    }

    function note() {
      if (isCovered) return;
      if (isTimeUp()) {
        lockNow("idle");
        return;
      }
      renew();
      if (Date.now() - toldAt < TELL_MS) return;
      toldAt = Date.now();
      tellHere();
    }

    // Said to the other tabs only once the server has said it: this one may be over itself.
    async function tellHere() {
      if ((await check()) === 204) say("here");
    }

    for (const kind of ["pointerdown", "pointermove", "wheel", "input"]) {
      window.addEventListener(kind, note, { capture: true, passive: true });
    }
    for (const kind of ["focus", "pageshow"]) {
      window.addEventListener(kind, () => !isCovered && isTimeUp() && lockNow("idle"));
    }
    setInterval(() => !isCovered && isTimeUp() && lockNow("idle"), CHECK_MS);

    // A page that comes back from the browser's memory may be that of a session which is over.
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      cover();
      look();
    });

    // Behind the cover the keys of the page rest.
    window.addEventListener(
      "keydown",
      (event) => {
        note();
        if (!isCovered) return;
        event.stopImmediatePropagation();
        const key = (event.ctrlKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "") + event.key;
        const isOurs = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
        if (isOurs || key === "F8" || key === "Escape") event.preventDefault();
        if (event.repeat) return;
        if (key === "F8" && password) form.requestSubmit();
        if (key === "Shift+F9") lock.querySelector("[data-sign-out]").requestSubmit();
      },
      true,
    );

    document.addEventListener(
      "submit",
      (event) => {
        const sent = event.target;
        if (sent.matches("[data-sign-out]")) say("over");
        if (!sent.matches("[data-lock-now], [data-unlock]")) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        if (sent.matches("[data-unlock]")) unlock();
        else lockNow("hand");
      },
      true,
    );

    // What the covering itself sets off, as a field that loses the focus, is asked once it is lifted.
    document.addEventListener("htmx:beforeRequest", (event) => {
      if (!isCovered) return;
      event.preventDefault();
      putOff.set(event.detail.elt, event.detail.requestConfig.triggeringEvent?.type);
    });
    document.addEventListener("htmx:responseError", (event) => {
      if (event.detail.xhr.status === 423) cover();
    });

    // Other tabs of this browser: what is done in one holds in all.
    channel.addEventListener("message", ({ data }) => {
      const isHere = data.what === "here" || data.what === "open";
      if (data.mark !== mark) {
        if (isHere) end(); // somebody else signed in at this browser
        return;
      }
      if (data.what === "locked") cover();
      if (data.what === "over") end();
      if (!isHere) return;
      take(data.token);
      if (!isCovered && !isTimeUp()) renew();
      if (isCovered && (!isTelling || data.what === "open")) look();
    });
    say("here");
  }

  if (lock) begin();
}
