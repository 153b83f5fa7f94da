// Comfort for the pages that are plain forms. Everything works without it.
"use strict";

// Who sees one of these pages is signed out: what the device kept for reading offline goes.
if ("indexedDB" in window) indexedDB.deleteDatabase("purser");

const token = document.querySelector("input[name=token]");
if (token) {
  // The token stands after the # of a link, where no server or proxy logs it.
  const given = location.hash.slice(1);
  if (given) {
    token.value = given;
    history.replaceState(null, "", location.pathname + location.search);
    // A change of language loads the page again and would lose it.
    for (const link of document.querySelectorAll("a[hreflang]")) link.hash = given;
  }
  // Somebody may paste the whole link.
  token.addEventListener("input", () => {
    const at = token.value.lastIndexOf("#");
    if (at >= 0) token.value = token.value.slice(at + 1).trim();
  });
  const fold = token.closest("[data-hides-when-filled]");
  if (fold && token.value && token.getAttribute("aria-invalid") !== "true") fold.hidden = true;
  if (given) document.querySelector("input:not([type=hidden], [name=token])")?.focus();
}

for (const button of document.querySelectorAll("[data-shows-password]")) {
  const input = document.getElementById(button.dataset.showsPassword);
  if (!input) continue;
  const show = button.textContent;
  button.hidden = false;
  const set = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? button.dataset.hideLabel : show;
  };
  button.addEventListener("click", () => set(input.type === "password"));
  // Sent as a password, so that the browser offers to keep it.
  input.form?.addEventListener("submit", () => set(false));
}

for (const form of document.forms) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    form.querySelector("[type=submit]")?.classList.add("is-busy");
  });
  // Back from the next page, the form is fresh again.
  addEventListener("pageshow", () => {
    sent = false;
    form.querySelector("[type=submit]")?.classList.remove("is-busy");
  });
}
