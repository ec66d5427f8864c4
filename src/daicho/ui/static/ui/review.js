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
