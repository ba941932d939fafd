// Without a connection the next days can be read, and what was tapped is kept and sent later (decisions 0039, 0062).
const PAGES = "pages";
const FILES = "files";
const TAPS = "taps";
const NEXT_DAYS = "/next-days";
const KEPT_FOR_MS = 48 * 60 * 60 * 1000;
const TAPPED = /^\/(assignments\/\d+\/(day\/\w+|late|longer|comes|finished|withdraw|cannot-come)|offers\/\d+\/(accept|decline|could))$/;
let forgotten = 0; // how often all was forgotten: what was on its way before then is not kept

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), keptPage()])));
self.addEventListener("message", (event) => event.waitUntil(catchUp()));
self.addEventListener("sync", (event) => event.waitUntil(catchUp()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "GET" && pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode !== "navigate") return;
  else if (pathname === "/sign-out") event.waitUntil(forgetAll());
  else if (request.method === "GET") {
    if (pathname.startsWith("/sign-in")) event.waitUntil(forgetPages());
    event.respondWith(page(request, pathname));
  } else if (TAPPED.test(pathname)) event.respondWith(sendOrKeep(request, pathname));
});

// Sends what waits and keeps the next days anew; pages are told that the server is reached, whoever noticed it first.
function catchUp() {
  return sendKept().then(refresh).then((token) => token && tell("back")).catch(keptPage);
}

// Files never change under their address; those of an earlier version go when a new one comes.
async function file(request) {
  const files = await caches.open(FILES);
  const kept = await files.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic") {
    const version = new URL(request.url).pathname.split("/")[2];
    for (const old of await files.keys()) if (old.url.split("/")[4] !== version) files.delete(old);
    await files.put(request, answer.clone());
  }
  return answer;
}

async function page(request, pathname) {
  try {
    return await fetch(request);
  } catch (lost) {
    const kept = await keptPage();
    if (!kept) throw lost;
    return pathname === NEXT_DAYS ? kept : Response.redirect(NEXT_DAYS);
  }
}

async function keptPage() {
  const pages = await caches.open(PAGES);
  const kept = await pages.match(NEXT_DAYS);
  if (!kept) return null;
  if (Date.now() - Number(kept.headers.get("X-Kept-At")) > KEPT_FOR_MS) {
    await forgetPages();
    return null;
  }
  const { headers } = kept;
  const before = forgotten;
  const all = await kept.text();
  const html = withoutPast(all);
  if (html !== all && before === forgotten) await pages.put(NEXT_DAYS, new Response(html, { headers }));
  return new Response(html.replace("<html ", "<html data-kept "), { headers });
}

// The place goes with the end of the assignment, by the telephone's own clock: nobody else can be asked.
function withoutPast(html) {
  return html.replace(/<!--place until (\d+)-->.*?<!--end of place-->/gs, (part, until) => (Date.now() < Number(until) ? part : ""));
}

// Keeps the next days as they stand now; returns the token that forms need, nothing if nobody is signed in.
async function refresh() {
  const before = forgotten;
  const answer = await fetch(NEXT_DAYS, { redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.status === 403) {
    await forgetPages();
    return null;
  }
  if (!answer.ok) return null;
  const html = await answer.text();
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  headers.set("X-Kept-At", Date.now());
  if (before !== forgotten) return null;
  await (await caches.open(PAGES)).put(NEXT_DAYS, new Response(html, { headers }));
  const files = [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, address]) => new Request(address));
  await Promise.all(files.map(file));
  return html.match(/name="csrf-token" content="([^"]+)"/)?.[1];
}

async function sendOrKeep(request, pathname) {
  const body = await request.clone().text();
  try {
    return await fetch(request);
  } catch {
    const at = new Date().toISOString();
    await write({ id: `${at}-${Math.random()}`, path: pathname, body, at, said: new URLSearchParams(body).get("tapped") });
    await self.registration.sync?.register("taps").catch(() => {});
    return Response.redirect(NEXT_DAYS, 303);
  }
}

// One at a time, in the order they were tapped; what has no answer yet is tried again later.
function sendKept() {
  return navigator.locks.request("taps", async () => {
    const waiting = (await kept()).filter((tap) => !tap.answer);
    const token = waiting.length && (await refresh().catch(() => null));
    for (const tap of token ? waiting : []) {
      const answer = await send(tap, token).catch(() => null);
      if (!answer?.ok) return;
      await write({ ...tap, body: "", answer: await answer.json() }); // a reason is kept no longer than it has to be
    }
    if (token) await refresh().catch(() => {});
    await tell("sent");
  });
}

async function tell(what) {
  for (const client of await self.clients.matchAll()) client.postMessage(what);
}

function send(tap, token) {
  const body = new URLSearchParams(tap.body);
  body.set("csrf_token", token);
  return fetch(tap.path, { method: "POST", body, headers: { "X-Tapped-At": tap.at }, redirect: "manual" });
}

async function kept() {
  const taps = await caches.open(TAPS);
  // what is put away meanwhile, by another page or by hand, is not there any more
  const there = await Promise.all((await taps.keys()).map((key) => taps.match(key)));
  const found = await Promise.all(there.filter(Boolean).map((one) => one.json()));
  return found.sort((one, other) => one.at.localeCompare(other.at));
}

async function write(tap) {
  await (await caches.open(TAPS)).put(`/taps/${tap.id}`, new Response(JSON.stringify(tap)));
}

function forgetPages() {
  forgotten += 1;
  return caches.delete(PAGES);
}

function forgetAll() {
  return Promise.all([forgetPages(), caches.delete(TAPS)]);
}
