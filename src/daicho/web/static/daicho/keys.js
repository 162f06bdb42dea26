// Keys of every screen. The server never relies on them: each form works without.
"use strict";

const name = (event) =>
  (event.ctrlKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "") + event.key;

const isComposing = (event) => event.isComposing || event.keyCode === 229;

const isTyping = (element) =>
  element.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");

// -- Help -----------------------------------------------------------------------------------------

const help = () => document.getElementById("help");

function fillHelp(dialog) {
  const body = dialog.querySelector("[data-keys]");
  body.replaceChildren();
  const keyed = [...document.querySelectorAll("[data-key]")];
  keyed.sort((one, other) => one.dataset.key.localeCompare(other.dataset.key));
  for (const element of keyed) {
    const row = body.insertRow();
    const key = document.createElement("th");
    key.scope = "row";
    key.append(Object.assign(document.createElement("kbd"), { textContent: element.dataset.key }));
    const what = element.cloneNode(true);
    what.querySelectorAll("kbd").forEach((kbd) => kbd.remove());
    row.append(key);
    row.insertCell().textContent = what.textContent.trim();
  }
}

function openHelp() {
  const dialog = help();
  if (!dialog || dialog.open) return;
  fillHelp(dialog);
  dialog.showModal();
}

// -- Shortcuts ------------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.altKey || event.metaKey || isComposing(event)) return;
  if (help()?.open) {
    if (event.key === "F1") event.preventDefault();
    return;
  }
  if (event.key === "?" && !isTyping(event.target)) {
    event.preventDefault();
    openHelp();
    return;
  }
  const element = document.querySelector(`[data-key="${CSS.escape(name(event))}"]`);
  if (!element) return;
  event.preventDefault();
  element.click();
});

// -- Lists of persons -----------------------------------------------------------------------------

const hits = () => [...document.querySelectorAll("[data-hits] [data-hit]")];
let picked = "";

function go(place) {
  const list = hits();
  list[Math.max(0, Math.min(list.length - 1, place))]?.focus();
}

// A figure that makes no row's number with those before it begins anew.
function pick(figure) {
  picked = Number(picked + figure) <= hits().length ? picked + figure : figure;
  if (Number(picked) < 1 || Number(picked) > hits().length) picked = "";
  if (picked) go(Number(picked) - 1);
  const told = document.querySelector("[data-picked]");
  if (told) told.textContent = picked ? `${picked}番を選んでいます。` : "";
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
  if (help()?.open || hits().length === 0) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    picked = "";
    go(hits().indexOf(document.activeElement) + step);
  } else if (/^[0-9]$/.test(event.key)) {
    pick(event.key);
  }
});

// -- Forms ----------------------------------------------------------------------------------------

const label = (field) =>
  (field.labels?.[0]?.closest("fieldset")?.querySelector("legend") ?? field.labels?.[0])
    ?.textContent.trim() ?? "";

function missing(form) {
  const empty = [...form.elements].filter((field) => field.willValidate && field.validity.valueMissing);
  return [...new Set(empty.map(label))];
}

// In a long form Enter goes to the next field, as a clerk who types all day expects; F8 sends.
const stops = (form) =>
  [...form.elements].filter(
    (one) => one.matches("input:not([type=hidden]), select, textarea, button:not([tabindex])") &&
      one.checkVisibility(),
  );

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !field.form?.matches("[data-enter=next]")) return;
  if (field.matches("button, textarea") || isComposing(event)) return;
  event.preventDefault();
  const all = stops(field.form);
  all[all.indexOf(field) + 1]?.focus();
});

// A form that came back with its fields kept has the focus in its first; a new person's block in
// the first that is still blank, for what a family shares stands there already.
function begin() {
  const form = document.querySelector("form[data-enter=next]");
  if (!form || document.querySelector("main [autofocus]")) return;
  const block = form.querySelector("[data-begin]");
  const inside = stops(form).filter((one) => !block || (block.contains(one) && !one.value));
  block?.scrollIntoView();
  inside[0]?.focus();
}
begin();

// Enter in a field of a form that is not filled yet sends nothing and moves nothing: it says why.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !field.form || field.matches("button, textarea, [type=submit]")) return;
  if (isComposing(event) || field.form.matches("[data-enter=next]")) return;
  const empty = missing(field.form);
  if (empty.length === 0) return;
  event.preventDefault();
  const status = field.form.querySelector("[data-status]");
  if (status) status.textContent = `未入力の欄があります: ${empty.join("、")}`;
});

// A form is sent once; the server holds to the same by the form's number.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "sent";
  form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-disabled"));
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) openHelp();
  const everybody = event.target.closest("[data-tick-all]");
  if (everybody) {
    everybody.closest("section").querySelectorAll(".tick input").forEach((box) => (box.checked = true));
    // who all move keep their household, where the form asks which
    const into = everybody.form.elements.into;
    if (into) into.value = "own";
  }
});
