// Passkeys: a form with data-passkey="get" or "create" carries its options; the answer goes into its hidden field and the form is sent.
const forms = document.querySelectorAll("form[data-passkey]");

async function answer(form) {
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === "get") {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return navigator.credentials.get({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return navigator.credentials.create({ publicKey });
}

async function send(form) {
  const said = form.querySelector("[data-passkey-said]");
  said.hidden = true;
  try {
    const credential = await answer(form);
    form.elements.answer.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (error) {
    said.hidden = false; // the officer cancelled, or the authenticator did not verify who it is
    form.querySelector("button").focus();
  }
}

for (const form of forms) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.reportValidity()) send(form);
  });
  if ("passkeyNow" in form.dataset) send(form);
}
