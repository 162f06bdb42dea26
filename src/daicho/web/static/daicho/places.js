// Fields of an address, filled from its postal code. The server never relies on this: without it
// the button sends the page. What was typed while the answer was on its way is left as it is.
"use strict";

{
  const addressOf = (element) => element.closest?.("[data-address]");

  const fieldOf = (address, name) => address.querySelector(`[name="${CSS.escape(name)}"]`);

  const partOf = (address, part) => fieldOf(address, `${address.dataset.address}_${part}`);

  const answerOf = (address) => address.querySelector("[data-answer]");

  const choicesOf = (address) => [...address.querySelectorAll("[data-choice]")];

  function tell(address, text) {
    address.querySelector("[data-postal-told]").textContent = text;
  }

  function fill(address, from, replacing) {
    const left = [];
    for (const said of from.querySelectorAll("[data-fill]")) {
      const field = fieldOf(address, said.dataset.fill);
      if (!field || field.value === said.value) continue;
      if (field.value && !replacing) {
        left.push(field);
        continue;
      }
      field.value = said.value;
      field.dataset.filled = said.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return left;
  }

  // On to what is typed next, unless the clerk is already typing somewhere else.
  function goOn(address, name) {
    const at = document.activeElement;
    const isFree = !at || at === document.body || at.matches("button");
    const isOurs = address.contains(at) && (at === partOf(address, "postal_code") || at.value === at.dataset.filled);
    const next = name && fieldOf(address, name);
    if (!next || !(isFree || isOurs)) return;
    next.focus();
    next.setSelectionRange?.(next.value.length, next.value.length);
  }

  function close(address) {
    answerOf(address).replaceChildren();
  }

  function choose(choice) {
    const address = addressOf(choice);
    const text = choice.firstChild.textContent.trim();
    const then = choice.dataset.then;
    fill(address, choice, true);
    close(address);
    tell(address, `「${text}」を入れました。`);
    goOn(address, then);
  }

  function answered(address) {
    const answer = answerOf(address);
    const at = answer.querySelector("[data-then]");
    if (!at) return;
    const left = fill(address, at, false);
    const kept = left.length ? "入力中の欄はそのままにしました。" : "";
    const choices = choicesOf(address);
    const how = choices.length ? "↑↓で選び、Enterで入れます。Escで閉じます。" : "";
    tell(address, answer.querySelector("[data-says]").textContent + kept + how);
    if (!choices.length) {
      if (at.childElementCount && !left.length) goOn(address, at.dataset.then);
      return;
    }
    const focused = document.activeElement;
    const isFree = !address.contains(focused) ? focused === document.body : focused.matches("button") || !focused.value || focused === partOf(address, "postal_code");
    if (isFree) choices[0].focus();
  }

  function ask(address) {
    tell(address, "");
    window.htmx.trigger(address, "postal");
  }

  document.addEventListener("change", (event) => {
    const address = addressOf(event.target);
    if (!address || !window.htmx) return;
    if (event.target === partOf(address, "postal_code")) ask(address);
    const buildings = address.querySelector("[data-buildings]");
    if (buildings && [partOf(address, "lot"), partOf(address, "town")].includes(event.target)) {
      partOf(address, "building")?.setAttribute("list", buildings.id);
      window.htmx.trigger(buildings, "lot");
    }
  });

  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-choice]");
    if (choice) choose(choice);
    const button = event.target.closest("[data-postal]");
    if (!button || !window.htmx) return;
    event.preventDefault();
    ask(addressOf(button));
  });

  document.addEventListener("keydown", (event) => {
    const address = event.target.closest && addressOf(event.target);
    const list = address ? choicesOf(address) : [];
    if (!list.length) return;
    const choice = event.target.closest("[data-choice]");
    if (!choice) {
      if (event.key !== "ArrowDown" || event.target.matches("select, [list]")) return;
      event.preventDefault();
      list[0].focus();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -list.length, End: list.length }[event.key];
    if (step) {
      event.preventDefault();
      list[Math.max(0, Math.min(list.length - 1, list.indexOf(choice) + step))].focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close(address);
      tell(address, "");
      partOf(address, "postal_code")?.focus();
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const address = addressOf(event.target);
    if (address && event.target === answerOf(address)) answered(address);
  });

  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      const address = addressOf(event.target);
      if (!address || event.target !== address) return;
      close(address);
      tell(address, "郵便番号から住所を入れられませんでした。住所を入力してください。");
    });
  }
}
