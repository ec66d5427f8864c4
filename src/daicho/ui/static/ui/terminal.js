// The key of this terminal: made in this browser, not extractable, kept in IndexedDB. It signs the challenge of the page (JWS, ES256).
const STORE = "keys";
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const encoder = new TextEncoder();

function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("daicho-terminal", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function store(mode, act) {
  const opened = await database();
  return new Promise((resolve, reject) => {
    const asked = act(opened.transaction(STORE, mode).objectStore(STORE));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

function base64url(bytes) {
  const text = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

async function proof(pair, form, terminal, header) {
  const said = { challenge: form.dataset.challenge, terminal };
  const parts = [{ alg: "ES256", ...header }, said].map((part) => base64url(encoder.encode(JSON.stringify(part))));
  const signed = parts.join(".");
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, encoder.encode(signed));
  return `${signed}.${base64url(signature)}`;
}

async function make(form, terminal) {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);
  const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  await store("readwrite", (keys) => keys.put(pair, terminal));
  return proof(pair, form, terminal, { jwk: { crv, kty, x, y } });
}

async function sign(form, terminal) {
  const pair = await store("readonly", (keys) => keys.get(terminal));
  return pair ? proof(pair, form, terminal, {}) : "";
}

for (const form of document.querySelectorAll("form[data-terminal-key]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const terminal = form.elements.terminal.value.trim().toUpperCase();
    try {
      form.elements.proof.value = await (form.dataset.terminalKey === "make" ? make : sign)(form, terminal);
    } catch (error) {
      const told = document.querySelector("[data-terminal-said]");
      if (told) told.hidden = false;
      if (form.dataset.terminalKey === "make") return;
    }
    form.submit();
  });
}
