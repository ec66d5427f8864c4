// Review: the first date still to be keyed has the focus, and a field that was compared cannot be changed any more.

import { $, go } from "./page.js";

const first = $("[data-open]") || $(".settle input");
if (first && !$("[data-error-summary]")) go(first);

document.addEventListener("htmx:afterRequest", (event) => {
  const field = event.target;
  if (!field.matches?.(".rk input") || !event.detail.successful) return;
  const mark = document.getElementById(`mk-${field.name.slice(2)}`);
  if (!mark || mark.textContent.includes("まだ")) return;
  field.readOnly = true;
  field.classList.toggle("bad", mark.textContent.includes("違う"));
});

// A mismatch is settled at once, unless the officer is already typing somewhere else.
document.addEventListener("htmx:oobAfterSwap", () => {
  const settle = $(".settle input:not([data-shown])");
  if (!settle) return;
  settle.dataset.shown = "1";
  const active = document.activeElement;
  if (!active?.matches?.("input") || !active.value || active.readOnly) go(settle);
});

// The last date has no next field to go to: Enter compares it all the same.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || !field.matches?.(".rk input, .settle input")) return;
  setTimeout(() => {
    if (document.activeElement === field && field.value && !field.readOnly) field.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
