// Purser's service worker. Above this line the server writes what it alone knows:
//   BUILD      which build of the browser's files it serves
//   SHELL      what the offline page is made of
//   FOR_EVER   where every name carries a hash of what is behind it
//
// It never keeps a page: a page of an older build would ask for files that are gone, and bring old markup to life
// with new code. Pages come from the network; without it one page says so. What the house says or is told
// (/fn, /v1, /live, /api) never passes through here.

const CACHE = `purser-${BUILD}`;
const NEVER = ["/fn/", "/v1/", "/api/"];

addEventListener("install", (event) => {
  // Fetched past the browser's own cache, where an older offline page may lie.
  const wanted = SHELL.map((path) => new Request(path, { cache: "no-cache" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(wanted)));
});

addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("purser-") && name !== CACHE) await caches.delete(name);
      }
      // The page is asked for while this worker is still being started.
      await registration.navigationPreload?.enable();
    })(),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname === "/live" || NEVER.some((start) => pathname.startsWith(start))) return;
  if (request.mode === "navigate") {
    event.respondWith(page(event));
  } else if (FOR_EVER.some((start) => pathname.startsWith(start))) {
    event.respondWith(file(event));
  } else if (SHELL.includes(pathname)) {
    event.respondWith(shell(event));
  }
});

// From the network, always. Instead of an answer that never came, or of one in which a proxy says that nobody is
// behind it, the offline page; the address stays, so that loading it again leads where one wanted to go.
async function page(event) {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    if (answer.status !== 502 && answer.status !== 504) return answer;
  } catch {
    // Nobody answered.
  }
  return (await caches.match("/offline", { cacheName: CACHE })) ?? Response.error();
}

// What the offline page needs: from the network while there is one, because its name may stay when it changes.
async function shell(event) {
  try {
    return await fetch(event.request);
  } catch {
    return (await caches.match(event.request, { cacheName: CACHE, ignoreVary: true })) ?? Response.error();
  }
}

// From the cache; the first time from the network into it. The name says all: what it varies by does not matter.
async function file(event) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(event.request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(event.request);
  // A page in its place says that there is no such file.
  const isPage = answer.headers.get("content-type")?.startsWith("text/html");
  if (answer.ok && !isPage) {
    const copy = answer.clone();
    // A full disk only means that it is fetched again.
    event.waitUntil(cache.put(event.request, copy).catch(() => {}));
  }
  return answer;
}

// What pages say. They send text, so that this and `app/src/installed` agree on one spelling.
addEventListener("message", (event) => {
  const told = JSON.parse(event.data);
  event.waitUntil(hear(told, event.source));
});

async function hear(told, asker) {
  if (told.say === "compare") {
    // Of a worker that waits. A page of its own build that is alone loses nothing when it begins;
    // any other page is told that there is something newer, and its reader decides.
    const alone = (await clients.matchAll({ type: "window", includeUncontrolled: true })).length === 1;
    if (told.build !== BUILD) asker.postMessage("newer");
    else if (alone) await skipWaiting();
  } else if (told.say === "take_over") {
    await skipWaiting();
  } else if (told.say === "keep") {
    await keep(told.chat);
  } else if (told.say === "check") {
    await check();
  } else if (told.say === "drop") {
    await change((chats) => chats.delete(told.id));
  } else if (told.say === "forget") {
    await change((chats) => chats.clear());
  }
}

// --- The chats that a member lets this device keep ----------------------------------------------------------------
//
// Only for who asked for it in their account; the offline page reads them. The last ones opened stay.

const MOST_CHATS = 20;
const MOST_LETTERS = 4_000_000;

async function keep(chat) {
  const size = chat.messages.reduce((sum, message) => sum + message.html.length, 0);
  await change(async (chats) => {
    const others = (await done(chats.getAll())).filter((other) => other.id !== chat.id);
    others.sort((one, other) => other.opened - one.opened);
    let letters = size;
    for (const [place, other] of others.entries()) {
      letters += other.size;
      // Another member's are none of this one's.
      if (place + 1 >= MOST_CHATS || letters > MOST_LETTERS || other.member !== chat.member) chats.delete(other.id);
    }
    if (size <= MOST_LETTERS) chats.put({ ...chat, size, opened: Date.now() });
  });
}

// What was deleted while no page here could hear of it goes as soon as the house can be asked. Who is signed out is not
// answered; their sign-in page removes everything.
async function check() {
  let ids = [];
  await change(async (chats) => (ids = await done(chats.getAllKeys())));
  if (ids.length === 0) return;
  const asked = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ ids }) };
  const answer = await fetch("/fn/chats/there", asked).catch(() => null);
  if (!answer?.ok) return;
  const there = new Set(await answer.json());
  const gone = ids.filter((id) => !there.has(id));
  if (gone.length > 0) await change((chats) => gone.forEach((id) => chats.delete(id)));
}

async function change(act) {
  const opening = indexedDB.open("purser", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("chats", { keyPath: "id" });
  const database = await done(opening);
  try {
    const writing = database.transaction("chats", "readwrite");
    await act(writing.objectStore("chats"));
    await new Promise((resolve, reject) => {
      writing.oncomplete = resolve;
      writing.onabort = () => reject(writing.error);
    });
  } finally {
    // The sign-in page removes it all, and must not wait for us.
    database.close();
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
