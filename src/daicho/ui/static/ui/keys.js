// Keyboard layer of all screens (contract: docs/screens.md). Every act is a real button or link that also works by
// mouse. Nothing here runs while an input method is composing.

import { lock, reveal, submitted } from "./keep.js";
import { closeOverlay, overlay, overlayKey, overlayOpen, palette } from "./overlay.js";
import { $, $$, body, FIELDS, go, last, post, say, shown } from "./page.js";

const composing = (event) => event.isComposing || event.key === "Process" || event.keyCode === 229;

// --- moving between fields -----------------------------------------------------------------------------------------

/** Fields that Enter passes over (tabindex -1) are gone through from one of them, so that keys reach every field. */
const fields = (aside) => $$(FIELDS, $("main")).filter((f) => !f.disabled && !f.readOnly && (aside || f.tabIndex >= 0) && shown(f));

function move(from, step) {
  const all = fields(from?.tabIndex < 0);
  const at = all.indexOf(from);
  const next = all[at + step];
  if (next) go(next);
  else say(step > 0 ? "最後の欄です。Ctrl+Enterで先へ進みます。" : "最初の欄です。");
  return at >= 0;
}

function ditto(field) {
  let value = field.dataset.ditto;
  if (value === undefined && field.dataset.col) {
    const above = Number(field.dataset.row) - 1;
    const source = $(`[data-col="${CSS.escape(field.dataset.col)}"][data-row="${above}"]`);
    value = source ? source.value : undefined;
  }
  if (value === undefined) return say("写す値がありません。");
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  if (field.dataset.dittoStay === undefined) move(field, 1);
}

// --- keys of the screen --------------------------------------------------------------------------------------------

function press(element) {
  if (!element || element.getAttribute("aria-disabled") === "true") return false;
  element.click();
  return true;
}

const byKey = (name) => $$(`[data-key="${name}"]`).find(shown);

function section(digit) {
  const own = byKey(`Alt+${digit}`);
  if (own && own.tagName === "A") return press(own);
  const panel = $(`[data-section="${digit}"]`);
  if (!panel) return false;
  const row = $("a.row[aria-current=true]", panel) || $("a.row, [data-row-link], [data-first]", panel);
  const target = (row && shown(row) && row) || $$(`${FIELDS}, a[href], button, [tabindex="0"]`, $("main")).find((e) => panel.contains(e) && shown(e));
  const heading = target || panel;
  if (!target) heading.tabIndex = -1;
  heading.focus();
  panel.scrollIntoView({ block: "nearest" });
  return true;
}

const ACTS = {
  lock: () => lock(),
  help: () => overlay("keys-help"),
  palette: () => palette(),
  search: () => { const box = $("main [data-search]") || $("[data-search]"); if (box) go(box); else palette(); },
  close: () => closeOverlay(),
  ditto: () => ditto(last.field),
  next: () => last.field && move(last.field, 1),
  previous: () => last.field && move(last.field, -1),
  section: (button) => section(button.dataset.digit),
  "go-row": () => press($("[data-go-row]", last.row?.isConnected ? last.row : $("main"))),
};

function named(event) {
  return `${event.ctrlKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${event.key}`;
}

const GLOBAL = {
  "Ctrl+Enter": () => press(rowOf(document.activeElement)?.querySelector("[data-go-row]")) || press($$("[data-go]").find(shown)),
  "Ctrl+k": () => (ACTS.palette(), true),
  F2: () => (ACTS.search(), true),
  "Ctrl+Alt+l": () => (lock(), true),
  "Ctrl+Alt+L": () => (lock(), true),
  F8: () => (document.activeElement === last.field && last.field ? (ditto(last.field), true) : press(byKey("F8"))),
};
const OURS = new Set(["F3", "F4", "F9", "F10"]);

function onKey(event) {
  if (composing(event)) return;
  if (event.code?.startsWith("Digit") && event.altKey && !event.ctrlKey && !event.shiftKey) {
    if (!overlayOpen() && section(event.code.slice(5))) event.preventDefault();
    return;
  }
  const name = named(event);
  if (overlayOpen() && !name.endsWith("+l") && !name.endsWith("+L")) return overlayKey(event);
  if (suggestionKey(event)) return event.preventDefault();
  if (GLOBAL[name]) { if (GLOBAL[name]()) event.preventDefault(); return; }
  if (OURS.has(name)) { event.preventDefault(); if (!press(byKey(name))) say("この画面では使いません。"); return; }
  if (event.key === "Enter" && !event.ctrlKey && !event.altKey) return onEnter(event);
  if (event.key === "Escape") return onEscape();
  if (event.key === "ArrowUp" || event.key === "ArrowDown") return rowKey(event);
  if (event.key === " " && press(rowOf(event.target)?.querySelector("[data-space]"))) event.preventDefault();
}

function onEnter(event) {
  const field = event.target;
  if (!field.matches?.(FIELDS) || field.closest("[role=search], [data-enter=submit]") || !$("main").contains(field)) return;
  if (field.tagName === "TEXTAREA" && !event.shiftKey) return;
  event.preventDefault();
  move(field, event.shiftKey ? -1 : 1);
}

function onEscape() {
  const open = $$("details.ask[open]");
  open.forEach((box) => { box.open = false; });
}

const ROWS = "[data-rows] tbody tr, [data-rows] li";
const rowOf = (element) => element?.closest?.(ROWS);

function rowKey(event) {
  const row = rowOf(event.target);
  const searching = event.target.matches?.("main [data-search]");
  if ((!row && !searching) || (row && event.target.matches(FIELDS))) return;
  const links = $$(`:is(${ROWS}) :is(a.row, [data-row-link])`, $("main")).filter(shown);
  const at = row ? links.findIndex((link) => row.contains(link)) : -1;
  const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (next || (at === 0 && event.key === "ArrowUp")) event.preventDefault();
  if (next) next.focus();
  else if (at === 0 && event.key === "ArrowUp") $("main [data-search]")?.focus();
}

document.addEventListener("focusin", (event) => { last.row = rowOf(event.target) || last.row; });
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-do]");
  if (button) ACTS[button.dataset.do]?.(button);
});

// --- suggestions ---------------------------------------------------------------------------------------------------

let list = null;

function closeList() {
  if (!list) return;
  list.field.setAttribute("aria-expanded", "false");
  list.field.removeAttribute("aria-activedescendant");
  list.box.remove();
  list = null;
}

/** Beside the field on the screen, not inside its panel, which would cut it off; above the field where there is no room. */
function placeList() {
  if (!list) return;
  const { field, box } = list;
  const at = field.getBoundingClientRect();
  const below = window.innerHeight - at.bottom;
  const up = below < Math.min(box.scrollHeight + 8, 240) && at.top > below;
  box.style.left = `${Math.min(at.left, window.innerWidth - box.offsetWidth - 4)}px`;
  box.style.top = up ? "auto" : `${at.bottom + 2}px`;
  box.style.bottom = up ? `${window.innerHeight - at.top + 2}px` : "auto";
  box.style.maxHeight = `${(up ? at.top : below) - 8}px`;
}
document.addEventListener("scroll", placeList, true);
window.addEventListener("resize", placeList);

const options = () => (list ? $$('[role=option]:not([aria-disabled=true])', list.box) : []);

function choose(option) {
  const { field } = list;
  field.value = option.dataset.value ?? option.textContent.trim();
  const echo = document.getElementById(`${field.id}-echo`);
  if (echo && option.dataset.label) echo.replaceChildren(Object.assign(document.createElement("b"), { textContent: option.dataset.label }));
  for (const [id, value] of Object.entries(JSON.parse(option.dataset.fill || "{}"))) {
    const target = document.getElementById(id);
    if (target) { target.value = value; target.dispatchEvent(new Event("change", { bubbles: true })); }
  }
  closeList();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function mark(at) {
  const all = options();
  all.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
  if (all[at]) { list.field.setAttribute("aria-activedescendant", all[at].id); all[at].scrollIntoView({ block: "nearest" }); }
  if (list) list.at = at;
}

function suggestionKey(event) {
  if (!list || event.target !== list.field || event.ctrlKey || event.altKey) return false;
  const count = options().length;
  if (event.key === "Escape") { closeList(); return true; }
  if (event.key === "ArrowDown") { mark((list.at + 1) % count); return true; }
  if (event.key === "ArrowUp") { mark((list.at + count - 1) % count); return true; }
  if (event.key === "Enter" && !event.shiftKey && list.at >= 0) {
    const { field } = list;
    const chosen = options()[list.at];
    const stay = chosen.dataset.stay !== undefined;
    choose(chosen);
    if (!stay) move(field, 1);
    return true;
  }
  return false;
}

let asked = 0;
async function suggest(field) {
  const turn = ++asked;
  if (!field.value.trim()) return closeList();
  const data = new FormData();
  data.set("q", field.value);
  data.set("field", field.name);
  for (const id of (field.dataset.suggestWith || "").split(" ").filter(Boolean)) {
    data.set(id, document.getElementById(id)?.value || "");
  }
  const html = await post(field.dataset.suggestUrl, data).then((r) => (r.ok ? r.text() : "")).catch(() => "");
  if (turn !== asked || document.activeElement !== field) return;
  closeList();
  if (!html.includes("role=\"option\"")) return;
  const box = Object.assign(document.createElement("div"), { className: "sug", id: `${field.id}-list` });
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", "候補");
  box.innerHTML = html;
  field.after(box);
  list = { field, box, at: -1 };
  placeList();
  options().forEach((option, index) => { option.id = `${box.id}-${index}`; });
  field.setAttribute("aria-expanded", "true");
  field.setAttribute("aria-controls", box.id);
  mark($$("[role=option]", box).findIndex((option) => option.dataset.value === field.value));
}

const timers = new WeakMap();
function later(field, delay, act) {
  clearTimeout(timers.get(field));
  timers.set(field, setTimeout(act, delay));
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (event.isComposing || !event.isTrusted) return;
  if (field.dataset?.suggestUrl) later(field, 90, () => suggest(field));
  if (field.dataset?.echo) later(field, 120, () => echo(field));
});
document.addEventListener("focusout", (event) => { if (list && event.target === list.field) closeList(); });
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".sug [role=option]");
  if (option && list) { event.preventDefault(); choose(option); }
});

// --- echo of dates -------------------------------------------------------------------------------------------------

async function echo(field) {
  const line = document.getElementById(`${field.id}-echo`);
  if (!line || !body.dataset.echoUrl) return;
  if (!field.value.trim()) return line.replaceChildren();
  const data = new FormData();
  data.set("value", field.value);
  data.set("kind", field.dataset.echo);
  const value = field.value;
  const answer = await post(body.dataset.echoUrl, data).then((r) => r.json()).catch(() => null);
  if (!answer || field.value !== value) return;
  const text = Object.assign(document.createElement(answer.ok ? "b" : "span"), { textContent: answer.text });
  if (!answer.ok) text.className = "err";
  line.replaceChildren(text, ` ${answer.aside}`);
  field.classList.toggle("bad", !answer.ok);
  field.toggleAttribute("aria-invalid", !answer.ok);
}
document.addEventListener("change", (event) => { if (event.target.dataset?.echo) echo(event.target); });

// --- one submit only -------------------------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-reveal]")) return reveal(event, form);
  if (form.matches("[data-lock]")) { event.preventDefault(); lock(); return; }
  if (form.matches("[hx-post], [data-many]") || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  submitted();
  setTimeout(() => say("送っています。"), 400);
  if (form.matches("[data-unlock]")) return;
  setTimeout(() => delete form.dataset.sent, 15000);
});
addEventListener("pageshow", () => $$("form[data-sent]").forEach((form) => delete form.dataset.sent));

// --- when the page opens -----------------------------------------------------------------------------------------------

const kept = sessionStorage.getItem("daicho.focus") || "";
const [page, id] = kept.split("#");
if (page === location.pathname + location.search && id && document.getElementById(id)) {
  sessionStorage.removeItem("daicho.focus");
  go(document.getElementById(id));
} else {
  const first = $("[data-error-summary]") || $("main [autofocus]");
  if (first) go(first);
}
body.dataset.ready = "1";
