// What the modules of a page share: looking up, posting, saying, and the field last used.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const body = document.body;
// What stands in a closed details element has boxes but is not visible.
export const shown = (element) => element.checkVisibility() && element.getClientRects().length > 0;
export const clock = (time) => time.toLocaleTimeString("ja-JP", { hour12: false, timeZone: "Asia/Tokyo" });
export const last = { field: null };

export const FIELDS = "input:not([type=hidden]):not([type=submit]):not([type=button]), select, textarea";

/** Tell screen readers, and nobody else. */
export function say(text) {
  const live = $("#live");
  if (live) live.textContent = text;
}

export const post = (url, data, more = {}) =>
  fetch(url, {
    method: "POST",
    body: data,
    headers: { "X-CSRFToken": body.dataset.csrf || "", "X-Requested-With": "fetch" },
    ...more,
  });

/** Focus a field with its content selected, so that typing replaces it. */
export function go(field) {
  field.focus();
  if (field.select && field.type !== "checkbox" && field.type !== "radio") field.select();
  showCodes(field); // a field with autofocus may have the focus already
}

/** The table of codes shows those of the field that is being filled in. */
function showCodes(field) {
  const asked = field.name && $(`[data-codes-of="${CSS.escape(field.name)}"]`);
  if (!asked) return;
  for (const codes of $$("[data-codes-of]")) codes.classList.toggle("asked", codes === asked);
  asked.scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", (event) => {
  if (!event.target.matches?.(FIELDS) || !$("main")?.contains(event.target)) return;
  last.field = event.target;
  showCodes(event.target);
});
