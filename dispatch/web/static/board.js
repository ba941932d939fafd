// The board of the day: keys, the quick panel, what others change. Everything here is a page of its own as well;
// on a telephone, where the rows are lists, links stay links.
import { ask, askedMeanwhile, isHolding, prepare } from "./drag.js";

const board = document.getElementById("board");
const desk = matchMedia("(min-width: 64rem)");
const STOPS = "a.row__who, a.block";
const COUNTED_FOR = 15_000;
const VERBS = ["o", "a", "y", "n", "r", "p", "l", "m", "c"]; // of a block, as buttons of its panel

const panel = document.getElementById("panel");
const panelBody = document.getElementById("panel-body");
const dialog = document.getElementById("give");
const keys = document.getElementById("keys");
const live = document.getElementById("live");
let opener = null; // the id of the block whose panel is open
let asking; // the timer of the next look at what is new
let counting; // the timer of the next count of who could come
let countedAt = -Infinity;
let working = Promise.resolve(); // what is under way in the panel; keys wait for it, and mean what it shows then

if (board) {
  prepare(); // before our own keys: what is held comes first
  settle();
  desk.addEventListener("change", settle);
  board.addEventListener("focusin", (event) => makeStop(event.target.closest(STOPS)));
  board.addEventListener("keydown", moveFocus);
  board.addEventListener("click", (event) => {
    const block = event.target.closest("a.block");
    if (!block || !desk.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    forget(block);
    openPanel(block);
  });
  board.addEventListener("scroll", () => board.style.setProperty("--scrolled", `${board.scrollLeft}px`), { passive: true });
  document.getElementById("panel-close").addEventListener("click", closePanel);
  panel.addEventListener("submit", sends);
  panel.addEventListener("click", askRelease);
  dialog.addEventListener("submit", sends);
  document.addEventListener("click", askStep);
  panelBody.addEventListener("htmx:afterSettle", showKeys);
  document.getElementById("keys-open").addEventListener("click", () => keys.showModal());
  document.addEventListener("keydown", shortcuts);
  document.addEventListener("visibilitychange", () => (document.hidden ? watch() : look()));
  watch();
  count();
}

// One stop for Tab in the whole grid; arrows lead from there.
function settle() {
  const stops = [...board.querySelectorAll(STOPS)];
  if (!desk.matches) return stops.forEach((stop) => stop.removeAttribute("tabindex"));
  const current = stops.find((stop) => stop === document.activeElement) ?? stops.find((stop) => stop.tabIndex === 0 && stop.hasAttribute("tabindex"));
  for (const stop of stops) stop.tabIndex = -1;
  const first = current ?? board.querySelector("a.block") ?? stops[0];
  if (first) first.tabIndex = 0;
}

function makeStop(stop) {
  if (!stop || !desk.matches) return;
  for (const before of board.querySelectorAll('[tabindex="0"]')) before.tabIndex = -1;
  stop.tabIndex = 0;
}

function moveFocus(event) {
  const here = event.target.closest(STOPS);
  if (!here || !desk.matches || event.metaKey || event.altKey || event.ctrlKey) return;
  const row = here.closest(".row");
  const stops = [...row.querySelectorAll(STOPS)];
  const place = stops.indexOf(here);
  const next = {
    ArrowRight: () => stops[place + 1],
    ArrowLeft: () => stops[place - 1],
    Home: () => stops[0],
    End: () => stops.at(-1),
    ArrowDown: () => nearest(here, row, 1),
    ArrowUp: () => nearest(here, row, -1),
  }[event.key]?.();
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

// From a block to the block nearest in time of the next row that has one; from a name to a name.
function nearest(here, row, step) {
  const rows = [...board.querySelectorAll(".row")];
  const kind = here.matches(".block") ? "a.block" : "a.row__who";
  const x = middle(here);
  for (let place = rows.indexOf(row) + step; rows[place]; place += step) {
    const found = [...rows[place].querySelectorAll(kind)];
    if (found.length) return found.reduce((best, one) => (Math.abs(middle(one) - x) < Math.abs(middle(best) - x) ? one : best));
  }
  return undefined;
}

function middle(element) {
  const box = element.getBoundingClientRect();
  return box.left + box.width / 2;
}

async function openPanel(block) {
  mark(false);
  opener = block.id;
  mark(true);
  panel.hidden = false;
  block.scrollIntoView({ block: "nearest", inline: "center" });
  await loadPanel(block.dataset.request);
  panelBody.querySelector("#panel-title")?.focus();
}

async function loadPanel(request) {
  panelBody.dataset.request = request;
  await during(htmx.ajax("GET", `/board/requests/${request}`, { target: panelBody, swap: "innerHTML" }));
}

function during(work) {
  working = work.catch(() => {});
  return work;
}

// Keys are of the block that was opened: of two people of one request each has their own yes and no.
function verbs(key = "") {
  const wanted = key ? `[data-key="${CSS.escape(key)}"]` : "[data-key]";
  return [...panelBody.querySelectorAll(wanted)].filter((one) => (one.closest("[data-block]")?.dataset.block ?? opener) === opener);
}

// What the panel loads later has keys as well.
function showKeys() {
  for (const person of panelBody.querySelectorAll("[data-block]")) person.classList.toggle("is-meant", person.dataset.block === opener);
  for (const button of verbs().filter((one) => !one.hasAttribute("aria-keyshortcuts"))) {
    const key = button.dataset.key;
    button.setAttribute("aria-keyshortcuts", key);
    button.insertAdjacentHTML("beforeend", `<kbd aria-hidden="true">${key}</kbd>`);
  }
}

// What was said of another block would be read as said of this one.
function forget(block) {
  document.getElementById("board-said").textContent = "";
  if (block.id !== opener) document.getElementById("notices").replaceChildren();
}

function closePanel() {
  document.getElementById("board-said").textContent = "";
  if (panel.hidden) return;
  panel.hidden = true;
  panelBody.replaceChildren();
  const block = document.getElementById(opener);
  mark(false);
  opener = null;
  (block ?? board.querySelector('[tabindex="0"]'))?.focus();
}

function mark(on) {
  document.getElementById(opener)?.closest(".at").classList.toggle("is-shown", on);
}

function sends(event) {
  during(sendFromPanel(event));
}

// A form of the panel is sent as it is; what the server says of it is shown here, and what
// changed is drawn anew. Whoever is signed out by now is led there.
async function sendFromPanel(event) {
  const form = event.target;
  if (form.hasAttribute("hx-post")) return;
  event.preventDefault();
  const answer = await send(form.action, new FormData(form, event.submitter), event.submitter);
  if (!answer) return;
  const again = answer.querySelector("main .error-summary")?.closest("form");
  if (again) return form.replaceWith(again);
  const given = dialog.contains(form) ? form.dataset.request ?? form.action.match(/requests\/(\d+)/)?.[1] : null;
  dialog.close();
  await refresh(answer);
  if (given) await showRequest(given);
}

async function showRequest(request) {
  const block = board.querySelector(`.people [data-request="${request}"], [data-request="${request}"]`);
  if (block) await openPanel(block);
}

async function send(address, fields, submitter) {
  const target = submitter?.getAttribute("formaction") ?? address;
  try {
    const answer = await fetch(target, { method: "POST", body: new URLSearchParams(fields) });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    document.getElementById("connection-lost").hidden = false;
    return null;
  }
}

// Asks whether somebody changed something: every three seconds, seldom while nobody looks. Asking
// by itself must not keep an abandoned desk signed in, so it says that it does.
function watch() {
  clearTimeout(asking);
  asking = setTimeout(look, document.hidden ? 30_000 : 3_000);
}

async function look() {
  clearTimeout(asking);
  if (isHolding()) return watch(); // what one holds is never taken away
  try {
    const answer = await watching(`${board.dataset.news}?since=${board.dataset.newest}`);
    if (answer.redirected) return say("out");
    if (answer.status === 200) {
      const news = await answer.json();
      if (news.touches) await (dialog.open ? askedMeanwhile(watching) : refresh());
      if (!news.touches || dialog.open) board.dataset.newest = news.newest;
    }
    say("live");
  } catch {
    say("late");
  }
  watch();
}

function watching(address, headers = {}) {
  return fetch(address, { headers: { ...headers, "Dragoman-Watching": "1" } });
}

function say(how) {
  live.classList.toggle("live--late", how !== "live");
  const words = live.querySelector(".live__words");
  if (words.textContent !== live.dataset[how]) words.textContent = live.dataset[how];
}

// Draws the board anew from its own address, row by row into what stands there: focus, scrolling
// and the panel stay.
async function refresh(answer) {
  const [{ Idiomorph }, page] = await Promise.all([import("./vendor/idiomorph.js"), watching(location.href)]);
  if (page.redirected) return say("out");
  const drawn = new DOMParser().parseFromString(await page.text(), "text/html");
  const fresh = drawn.querySelector("#board");
  if (!fresh) return location.reload();
  tell(answer);
  const row = document.getElementById(opener)?.closest(".row").id;
  const morph = { morphStyle: "outerHTML", callbacks: { beforeAttributeUpdated: keepsStop, beforeNodeMorphed: keepsCount } };
  Idiomorph.morph(board.querySelector(".board__grid"), fresh.querySelector(".board__grid"), morph);
  for (const part of [".figures-row", "#steps"]) Idiomorph.morph(document.querySelector(part), drawn.querySelector(part), morph);
  follow(row);
  board.dataset.newest = fresh.dataset.newest;
  board.className = fresh.className;
  settle();
  count();
  mark(true);
  document.getElementById("connection-lost").hidden = true;
  if (!panel.hidden && (answer || !panel.contains(document.activeElement))) {
    const inPanel = panel.contains(document.activeElement);
    await loadPanel(panelBody.dataset.request);
    if (inPanel) panelBody.focus();
  }
}

// How many could come is looked at when the board stands: it takes longer than drawing it, so however much
// changes it is asked for four times a minute at most.
function count() {
  clearTimeout(counting);
  counting = setTimeout(askCount, Math.max(0, countedAt + COUNTED_FOR - performance.now()));
}

async function askCount() {
  countedAt = performance.now();
  try {
    const could = await (await watching(board.dataset.could)).json();
    for (const place of board.querySelectorAll(".row__could")) {
      const one = could[place.dataset.of];
      place.textContent = one?.words ?? "";
      place.classList.toggle("row__could--nobody", one?.nobody ?? false);
    }
  } catch {
    return; // the board says by itself that the server does not answer
  }
}

function keepsCount(place) {
  return !place.classList?.contains("row__could");
}

// A question that was answered goes on as another block of the same row.
function follow(row) {
  if (!opener || document.getElementById(opener)) return;
  const same = `a.block[data-request="${panelBody.dataset.request}"]`;
  opener = document.getElementById(row)?.querySelector(same)?.id ?? opener;
}

// Which element is the stop for Tab is ours, not the server's.
function keepsStop(name) {
  return name !== "tabindex";
}

// Undo and redo ask in the dialog what they would send; without a script they are pages.
function askStep(event) {
  const step = event.target.closest("#steps a");
  if (!step || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  ask(step.getAttribute("href"));
}

// To release is asked about over the board, as it is where a block was dragged to what is open.
function askRelease(event) {
  const link = event.target.closest("a[href$='/release']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  ask(link.getAttribute("href"));
}

function tell(answer) {
  if (!answer) return;
  const notices = answer.querySelectorAll("#notices > .notice");
  document.getElementById("notices").replaceChildren(...notices);
}

// Single letters act only where the focus is on the board or in the panel, never while typing.
function shortcuts(event) {
  if (event.ctrlKey && event.key === "Home" && desk.matches && !event.target.closest("dialog, input, select, textarea")) {
    event.preventDefault();
    return board.querySelector("a.block")?.focus(); // what is open stands first
  }
  if (event.repeat && VERBS.includes(event.key)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("q").focus();
  } else if (event.key === "Escape" && !event.target.closest("dialog, [data-menu]")) {
    closePanel();
  } else if (event.key === "?") {
    if (!keys.open) keys.showModal();
  } else if (["z", "Z"].includes(event.key) && event.target.closest("#board, #panel, #steps")) {
    document.querySelector(event.key === "z" ? "#undo" : "#redo")?.click();
  } else if (panel.contains(event.target) || event.target.id === opener) {
    press(event.key);
  } else if (event.target.matches("a.block") && VERBS.includes(event.key)) {
    forget(event.target);
    openPanel(event.target).then(() => press(event.key));
  }
}

// An offer and an assignment want to be looked at first: who fits best comes into the panel a moment later.
async function press(key) {
  const { request } = panelBody.dataset;
  for (let seen; seen !== working; await seen) seen = working;
  if (panel.hidden || panelBody.dataset.request !== request) return;
  const verb = verbs(key)[0];
  if (verb) verb.click();
  else if (VERBS.includes(key)) document.getElementById("board-said").textContent = whyNot(key);
}

function whyNot(key) {
  if (!["o", "a"].includes(key)) return board.dataset.nothing;
  const isLooked = !panelBody.querySelector("[hx-trigger='load'] > p:only-child > a:only-child");
  return isLooked ? (panelBody.querySelector("[data-why]")?.textContent ?? board.dataset.nothing) : board.dataset.again;
}
