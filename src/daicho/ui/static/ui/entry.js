// Entry of people: the reading that the input method was given becomes the furigana, the field of a parked case is
// focused again, and the row in use is tinted.

import { $, $$, go } from "./page.js";

const form = $("#entry");
const kana = /^[ぁ-ゖァ-ヺー\s　]+$/;
const toKatakana = (text) => text.replace(/[ぁ-ゖ]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x60));

const reading = { field: null, last: "" };

document.addEventListener("compositionupdate", (event) => {
  if (event.target.dataset?.kanaTo && kana.test(event.data || "")) Object.assign(reading, { field: event.target, last: event.data });
});
document.addEventListener("compositionend", (event) => {
  const target = document.getElementById(event.target.dataset?.kanaTo || "");
  if (!target || reading.field !== event.target || !reading.last) return;
  const before = target.value;
  target.value = before && !target.dataset.touched ? `${before} ${toKatakana(reading.last)}` : before || toKatakana(reading.last);
  reading.last = "";
  mark(target, true);
  target.dispatchEvent(new Event("input", { bubbles: true }));
});
// A reading that nobody has looked at is marked until its field has been visited.
function mark(field, unseen) {
  const flag = document.getElementById(field.dataset.auto || "");
  if (!flag) return;
  flag.value = unseen ? "1" : "";
  field.parentElement.querySelector(".mk").hidden = !unseen;
}
document.addEventListener("focusout", (event) => {
  const field = event.target;
  if (!field.dataset?.auto || document.getElementById(field.dataset.auto)?.value !== "1") return;
  mark(field, false);
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("input", (event) => { if (event.isTrusted) event.target.dataset.touched = "1"; });

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".grid tr");
  $$(".grid .cur").forEach((line) => line.classList.remove("cur"));
  if (!row) return;
  const first = row.matches(".p1") ? row : row.previousElementSibling;
  first?.classList.add("cur");
  first?.nextElementSibling?.classList.add("cur");
});

// What F8 copies where the row above does not say it: the family name alone (the given name follows), or another field.
document.addEventListener("focusin", (event) => {
  const { dittoFrom, dittoFamily } = event.target.dataset || {};
  const valueOf = (id) => document.getElementById(id || "")?.value || "";
  const family = valueOf(dittoFamily).split(/[ 　]/)[0];
  const value = family ? `${family}　` : valueOf(dittoFrom);
  if (value) event.target.dataset.ditto = value;
  if (family) event.target.dataset.dittoStay = "";
  else if (value) delete event.target.dataset.dittoStay;
});

const wanted = form?.dataset.focus && document.getElementById(form.dataset.focus);
if (!$("[data-error-summary]")) go(wanted || $("input:not([type=hidden])", form));
