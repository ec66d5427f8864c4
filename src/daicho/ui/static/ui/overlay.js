// Overlays: the list of keys and the command palette (S29). Both close with Esc and give the focus back.

import { $, $$, body } from "./page.js";

let before = null;
export const overlayOpen = () => $(".scrim[data-help], .scrim[data-palette]");

export function overlay(id) {
  closeOverlay();
  before = document.activeElement;
  body.append($(`#${id}`).content.cloneNode(true));
  $(".app").inert = true;
  const box = overlayOpen();
  ($("input, button", box) || box).focus();
  return box;
}

export function closeOverlay() {
  overlayOpen()?.remove();
  const app = $(".app");
  if (app && !$(".lockscrim")) app.inert = false;
  before?.focus?.();
  before = null;
}

function commands() {
  const own = $$(".keybar .key, main .panel > header .btn, [data-command]").filter((e) => e.dataset.do !== "palette");
  return own.map((element) => {
    const label = [...element.childNodes].filter((n) => n.nodeName !== "KBD").map((n) => n.textContent).join("").trim();
    const { hint = "", reading = "", why = "", group, icon = "arrow-right" } = element.dataset;
    const caps = element.dataset.cap || $$("kbd", element).map((k) => k.textContent).join(" ");
    return { element, label, hint, reading, why, caps, icon, group: group || "この画面" };
  }).filter((c) => c.label);
}

/** Groups with what was meant word for word come first: 「てんにゅう」 is the change 転入 before the list 転入通知未着者. */
function nearestFirst(found, words) {
  const far = (c) => ([c.label, c.caps, ...c.reading.split(/\s+/)].some((word) => word.toLowerCase() === words) ? 0 : 1);
  const ofGroup = (c) => Math.min(...found.filter((other) => other.group === c.group).map(far));
  return words ? found.toSorted((a, b) => ofGroup(a) - ofGroup(b) || (a.group === b.group ? far(a) - far(b) : 0)) : found;
}

export function palette() {
  const all = commands();
  const box = overlay("palette");
  const place = $("[role=listbox]", box);
  const input = $("input", box);
  const draw = () => {
    const words = input.value.trim().toLowerCase();
    const found = nearestFirst(
      all.filter((c) => !words || `${c.label} ${c.hint} ${c.reading} ${c.caps}`.toLowerCase().includes(words)), words,
    );
    place.replaceChildren();
    let group = "";
    found.forEach((command, index) => {
      if (command.group !== group) {
        group = command.group;
        place.append(Object.assign(document.createElement("div"), { className: "pg", textContent: group, role: "presentation" }));
      }
      place.append(line(command, index));
    });
    if (!found.length) place.append(Object.assign(document.createElement("p"), { className: "pg", textContent: "あてはまる操作がありません。読みか事由コードでも探せます。" }));
    pick(0);
  };
  input.addEventListener("input", draw);
  place.addEventListener("click", (event) => run(event.target.closest("[role=option]")));
  draw();
}

function line(command, index) {
  const row = document.createElement("div");
  row.role = "option";
  row.id = `pl-${index}`;
  row.command = command;
  if (command.why) row.setAttribute("aria-disabled", "true");
  const mark = document.createElement("span");
  mark.className = "pi";
  mark.innerHTML = `<svg class="i" aria-hidden="true"><use href="#i-${CSS.escape(command.icon)}"/></svg>`;
  const text = Object.assign(document.createElement("span"), { textContent: command.label });
  text.append(Object.assign(document.createElement("small"), { textContent: command.hint }));
  const end = Object.assign(document.createElement("span"), { className: command.why ? "lab" : "pk" });
  if (command.why) end.textContent = command.why;
  else if (command.caps) end.append(Object.assign(document.createElement("kbd"), { textContent: command.caps }));
  row.append(mark, text, end);
  return row;
}

function pick(at) {
  const box = overlayOpen();
  const rows = $$("[role=option]", box);
  rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
  const input = $("input", box);
  if (rows[at]) { input.setAttribute("aria-activedescendant", rows[at].id); rows[at].scrollIntoView({ block: "nearest" }); }
}

/** A change chosen while a household is on the screen is about that household. */
function goOn(element) {
  const open = $("[data-goes-on]");
  if (!open || !("goes" in element.dataset)) return;
  const address = new URL(element.href);
  for (const [name, value] of new URL(open.href).searchParams) address.searchParams.set(name, value);
  element.href = address;
}

function run(row) {
  if (!row || row.command.why) return;
  const { element } = row.command;
  goOn(element);
  closeOverlay();
  element.click();
}

export function overlayKey(event) {
  const box = overlayOpen();
  if (event.key === "Escape") { event.preventDefault(); return closeOverlay(); }
  if (event.key === "Tab") {
    const stops = $$("input, button", box);
    event.preventDefault();
    return stops[(stops.indexOf(document.activeElement) + (event.shiftKey ? stops.length - 1 : 1)) % stops.length]?.focus();
  }
  const rows = $$("[role=option]", box);
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") { event.preventDefault(); pick((at + 1) % rows.length); }
  if (event.key === "ArrowUp") { event.preventDefault(); pick((at + rows.length - 1) % rows.length); }
  if (event.key === "Enter") { event.preventDefault(); run(rows[at]); }
}
