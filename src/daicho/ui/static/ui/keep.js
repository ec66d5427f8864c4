// Nothing typed is lost, nothing shown stays: drafts, masked numbers, the idle lock.

import { $, $$, body, clock, last, post, say } from "./page.js";

// --- drafts: nothing typed is lost -----------------------------------------------------------------------------------

const draft = $("form[data-autosave-url]");
let dirtySince = 0;
let saving = null;
let savedAt = "";

function status(text) { $$("[data-saved]").forEach((place) => { place.textContent = text; }); }

async function save(keepalive = false) {
  if (!draft || !dirtySince) return;
  const data = new FormData(draft);
  const since = dirtySince;
  dirtySince = 0;
  data.set("focus", last.field?.id || "");
  try {
    const answer = await post(draft.dataset.autosaveUrl, data, { keepalive });
    if (answer.status === 409) { status("ほかの画面で変わりました。Ctrl+Enterで確かめてください"); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    const reply = await answer.json().catch(() => ({}));
    savedAt = reply.saved_at || clock(new Date());
    if (reply.version && draft.elements.version) draft.elements.version.value = reply.version;
    status(`${savedAt} 下書き保存`);
  } catch {
    dirtySince = since;
    status("下書きを保存できません。つながるのを待っています");
    saving = setTimeout(save, 5000);
  }
}

if (draft) {
  draft.addEventListener("input", () => {
    dirtySince ||= Date.now();
    clearTimeout(saving);
    saving = setTimeout(save, Math.max(0, Math.min(2000, dirtySince + 9000 - Date.now())));
  });
  addEventListener("pagehide", () => save(true));
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
}

// --- masked numbers --------------------------------------------------------------------------------------------------

export async function reveal(event, form) {
  event.preventDefault();
  const place = $(".dots, .shown", form);
  const data = new FormData(form);
  form.querySelectorAll("details[open]").forEach((box) => { box.open = false; });
  const answer = await post(form.action, data).then((r) => (r.ok ? r.json() : null)).catch(() => null);
  if (!answer?.value) return say("表示できません。権限と目的を確かめてください。");
  const hidden = place.cloneNode(true);
  const open = Object.assign(document.createElement("span"), { className: "shown fig", textContent: answer.value });
  place.replaceWith(open);
  say("10秒のあいだ表示します。");
  const hide = () => { open.replaceWith(hidden); removeEventListener("blur", hide); clearTimeout(timer); };
  const timer = setTimeout(hide, 10000);
  addEventListener("blur", hide);
}

// --- lock ------------------------------------------------------------------------------------------------------------

const idle = Number(body.dataset.idle || 0) * 1000;
const warn = Number(body.dataset.warn || 20) * 1000;
const channel = idle ? new BroadcastChannel("daicho") : null;
let active = Date.now();
let reported = active;
let bar = null;
let locked = false;

export function lock(told = false) {
  if (locked || !body.dataset.lockUrl) return;
  locked = true;
  const saved = save(true);
  const focus = last.field?.id || "";
  const url = body.dataset.lockUrl;
  const here = location.pathname + location.search;
  const screen = $("#lock-screen").content.cloneNode(true);
  const sprite = $(".sprite").cloneNode(true);
  sessionStorage.setItem("daicho.focus", `${here}#${focus}`);
  document.title = "ロック中 | 台帳";
  const dated = Object.assign($("[data-locked-at]", screen), { textContent: `${clock(new Date()).slice(0, -3)} にロック` });
  dated.hidden = false;
  if (savedAt) $("[data-kept]", screen).textContent = `入力は ${savedAt} まで保存済みです`;
  $("input[name=next]", screen).value = here;
  body.replaceChildren(sprite, screen);
  $("#pin").focus();
  if (!told) {
    channel?.postMessage("lock");
    saved.finally(() => post(url, new FormData(), { keepalive: true })).catch(() => undefined);
  }
}

function alive(told = false) {
  active = Date.now();
  bar?.remove();
  bar = null;
  if (told) return;
  channel?.postMessage("alive");
  if (body.dataset.aliveUrl && active - reported > 60000) {
    reported = active;
    post(body.dataset.aliveUrl, new FormData()).catch(() => undefined);
  }
}

function watch() {
  const left = active + idle - Date.now();
  if (left <= 0) return lock();
  if (left <= warn && !bar) {
    bar = Object.assign(document.createElement("p"), { className: "idlebar", role: "alert" });
    bar.textContent = `${Math.round(warn / 1000)}秒後に画面をロックします。何かキーを押すと続けられます。入力は残ります。`;
    body.append(bar);
  }
  setTimeout(watch, Math.min(1000, left));
}

if (idle) {
  let told = 0;
  const touch = () => { if (!locked && Date.now() - told > 1000) { told = Date.now(); alive(); } };
  for (const name of ["keydown", "pointerdown", "wheel", "input"]) addEventListener(name, touch, { passive: true, capture: true });
  channel.onmessage = ({ data }) => {
    if (data === "lock") lock(true);
    else if (locked && data === "open") location.reload();
    else if (!locked) alive(true);
  };
  channel.postMessage("open");
  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - active > idle) lock(); });
  watch();
}


/** The draft is on its way by submit: the autosave has nothing left to do. */
export function submitted() {
  dirtySince = 0;
}
