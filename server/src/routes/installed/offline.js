// The offline page: says in the reader's language that nobody answers, tries again, and shows what this device keeps.
// It comes from the service worker's cache, with this file and the stylesheet, and asks for nothing else.
"use strict";

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;

chooseTheme();
const sheet = chooseLanguage();
const status = sheet.querySelector("[role=status]");
const retry = sheet.querySelector("button");
const kept = sheet.querySelector("[data-kept]");
let wait = FIRST_WAIT_MS;
let timer;

retry.addEventListener("click", () => void look(true));
addEventListener("online", () => void look(false));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void look(false);
});
later();
void showKept();

// By day or by night, where the member has chosen (crates/domain/src/look.rs).
function chooseTheme() {
  const look = /(?:^|; )purser-look=([^;]*)/.exec(document.cookie)?.[1].split(".") ?? [];
  const theme = ["light", "dark"].find((word) => look.includes(word));
  if (theme) document.documentElement.dataset.theme = theme;
}

// The language last used here, else the first of the browser's that the page has.
function chooseLanguage() {
  const sheets = [...document.querySelectorAll("main[lang]")];
  const wanted = [...navigator.languages];
  try {
    wanted.unshift(localStorage.getItem("purser.lang") ?? "");
  } catch {
    // A browser that keeps nothing.
  }
  const tags = wanted.map((tag) => tag.split("-")[0]);
  const tag = tags.find((tag) => sheets.some((sheet) => sheet.lang === tag));
  const chosen = sheets.find((sheet) => sheet.lang === tag) ?? sheets[0];
  for (const sheet of sheets) {
    if (sheet !== chosen) sheet.remove();
  }
  chosen.hidden = false;
  document.documentElement.lang = chosen.lang;
  document.title = chosen.dataset.title;
  return chosen;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(() => void look(false), wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

// Asks whether the house lives, and goes there if it does. Who reads a kept chat is not torn away from it.
async function look(asked) {
  clearTimeout(timer);
  if (asked) retry.classList.add("is-busy");
  const lives = await fetch("/health", { cache: "no-store" }).then(
    (answer) => answer.ok,
    () => false,
  );
  retry.classList.remove("is-busy");
  if (lives && !asked && kept.querySelector("details[open]")) {
    status.textContent = status.dataset.back;
    return;
  }
  if (lives) {
    if (location.pathname === "/offline") location.replace("/");
    else location.reload();
    return;
  }
  status.textContent = status.dataset.still;
  later();
}

// --- What this device keeps ---------------------------------------------------------------------------------------

// What the server's sanitiser lets through (crates/services/src/markdown/html.rs), and nothing else of what is kept.
const TAGS = new Set(
  ("p br hr em strong del a code pre blockquote ul ol li h3 h4 h5 h6 table thead tbody tr th td figure figcaption " +
    "div span").split(" "),
);

async function showKept() {
  const chats = await readKept().catch(() => []);
  if (chats.length === 0) return;
  chats.sort((one, other) => other.opened - one.opened);
  const list = kept.querySelector("ul");
  for (const chat of chats) list.append(line(chat));
  kept.hidden = false;
}

function readKept() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("purser", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("chats", { keyPath: "id" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const reading = opening.result.transaction("chats").objectStore("chats").getAll();
      reading.onsuccess = () => resolve(reading.result);
      reading.onerror = () => reject(reading.error);
      opening.result.close();
    };
  });
}

function line(chat) {
  const title = Object.assign(document.createElement("summary"), {
    textContent: chat.title ?? kept.dataset.untitled,
    dir: "auto",
  });
  const fold = document.createElement("details");
  fold.append(title);
  // Long chats are only drawn when somebody wants to read them.
  fold.addEventListener("toggle", () => fold.append(...chat.messages.map(message)), { once: true });
  fold.open = location.pathname === `/chats/${chat.id}`;
  const item = document.createElement("li");
  item.append(fold);
  return item;
}

function message({ from, html }) {
  const who = document.createElement("h3");
  who.textContent = from === "user" ? kept.dataset.you : kept.dataset.model;
  const words = document.createElement("div");
  words.className = "reply";
  words.dir = "auto";
  // A document of its own, in which nothing runs and nothing is fetched.
  copy(new DOMParser().parseFromString(html, "text/html").body, words);
  const whole = document.createElement("article");
  whole.className = `kept-message from-${from}`;
  whole.append(who, words);
  return whole;
}

// Builds anew what is known to be harmless, instead of letting in what was stored.
function copy(from, into) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) into.append(node.data);
    // A formula without its drawing: what it says, in a line.
    if (node.nodeType === Node.ELEMENT_NODE && node.localName === "math") into.append(node.textContent);
    if (node.nodeType !== Node.ELEMENT_NODE || !TAGS.has(node.localName)) continue;
    const made = document.createElement(node.localName);
    for (const name of ["class", "align", "start", "title"]) {
      if (node.hasAttribute(name)) made.setAttribute(name, node.getAttribute(name));
    }
    const target = node.getAttribute("href") ?? "";
    if (/^(https?:|mailto:)/i.test(target)) Object.assign(made, { href: target, rel: "noopener noreferrer" });
    copy(node, made);
    into.append(made);
  }
}
