// An interpreter's telephone: what works without a connection, and what became of what was tapped there.
const worker = navigator.serviceWorker;
const list = document.getElementById("taps");
const OFF = /\/(cannot-come|withdraw)$/; // until it is sent somebody waits for them in vain
const A_DAY_MS = 24 * 60 * 60 * 1000; // beyond that no timer is needed: nothing is kept longer than two days
const opened = Math.random(); // tells this page from the next

if (worker && list) {
  worker.register("/service-worker.js");
  worker.addEventListener("message", ({ data }) => (data === "back" ? asItStands() : show()));
  worker.ready.then(sendWhatWaits);
  window.addEventListener("online", () => worker.ready.then(sendWhatWaits));
  document.addEventListener("submit", name);
  list.addEventListener("click", forget);
  list.addEventListener("click", takeBack);
  document.addEventListener("visibilitychange", forgetPast);
  forgetPast();
  untilItsTime();
  show();
}

// A kept page that stays open past the end of an assignment loses its place then.
function forgetPast() {
  for (const part of document.querySelectorAll("[data-kept] [data-until]")) {
    const left = Number(part.dataset.until) - Date.now();
    if (left <= 0) part.remove();
    else setTimeout(forgetPast, left);
  }
}

// What is too early to say on a kept page is not offered before its time.
function untilItsTime() {
  for (const part of document.querySelectorAll("[data-kept] [data-from]")) {
    const left = Number(part.dataset.from) - Date.now();
    part.hidden = left > 0;
    if (left > 0 && left < A_DAY_MS) setTimeout(untilItsTime, left);
  }
}

// Once the server is reached again, a kept page gives way to what is so now; not while something is being filled in.
function asItStands() {
  if ("kept" in document.documentElement.dataset && !document.querySelector("details[open]")) location.reload();
}

function sendWhatWaits({ active }) {
  active.postMessage("send");
}

// What was pressed goes along in words, so that the list can say it again.
function name({ target: form, submitter }) {
  if (form.method !== "post" || !submitter || form.elements.tapped) return;
  const words = [submitter.getAttribute("aria-label") ?? submitter.textContent.trim(), form.closest("[data-about]")?.dataset.about];
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "tapped", value: words.filter(Boolean).join(" · ") });
  form.append(field);
}

async function show() {
  const taps = await caches.open("taps");
  // what is put away meanwhile, by another page or by hand, is not there any more
  const there = await Promise.all((await taps.keys()).map((key) => taps.match(key)));
  const found = await Promise.all(there.filter(Boolean).map((one) => one.json()));
  found.sort((one, other) => one.at.localeCompare(other.at));
  const over = found.filter(({ seen }) => seen && seen !== opened);
  for (const { id } of over) await taps.delete(`/taps/${id}`);
  list.replaceChildren(...found.filter((tap) => !over.includes(tap)).map(shown));
  await markSeen(taps, found);
}

// What was sent and counts goes by itself once a page has shown it that stays; what did not count is put away by hand.
async function markSeen(taps, found) {
  if (document.hidden || "kept" in document.documentElement.dataset) return;
  for (const tap of found.filter(({ answer, seen }) => answer?.counts && !seen)) {
    await taps.put(`/taps/${tap.id}`, new Response(JSON.stringify({ ...tap, seen: opened })));
  }
}

function shown(tap) {
  const waiting = OFF.test(tap.path) ? "off" : "waiting";
  const kind = !tap.answer ? waiting : tap.answer.counts ? "sent" : "overtaken";
  const notice = document.getElementById(`tap-${kind}`).content.firstElementChild.cloneNode(true);
  const at = new Date(tap.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  notice.dataset.tap = tap.id;
  notice.querySelector(".notice__title").textContent = `${at} ${tap.said ?? ""}`;
  for (const text of tap.answer?.told ?? []) notice.querySelector(".notice__text").append(` ${text}`);
  return notice;
}

async function forget({ target }) {
  const notice = target.closest("[data-dismiss]")?.closest("[data-tap]");
  if (notice) await (await caches.open("taps")).delete(`/taps/${notice.dataset.tap}`);
}

// What was tapped and is not sent yet can be taken back; what is being sent this moment cannot.
async function takeBack({ target }) {
  const id = target.closest("[data-take-back]")?.closest("[data-tap]").dataset.tap;
  if (!id) return;
  await navigator.locks.request("taps", async () => {
    const taps = await caches.open("taps");
    const tap = await (await taps.match(`/taps/${id}`))?.json();
    if (tap && !tap.answer) await taps.delete(`/taps/${id}`);
  });
  show();
}
