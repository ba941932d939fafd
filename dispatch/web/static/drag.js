// Picking up a block of the board, by mouse or by Space, and giving it to somebody else's row.
// The server says of every row how well it fits; what is dropped there is asked about in a dialog
// that the server draws and checks again.
const DISTANCE = 4; // pixels after which a press is a drag
const EDGE = 48; // pixels from an edge of the board within which it scrolls
const NOT_HELD = ".block--running, .block--finished, .block--failed";
const REST = 120; // milliseconds a pointer or the focus rests on a block before its verdicts are asked for
const STEP = 15; // minutes that two starts lie apart
const FRESH = 5000; // milliseconds for which they are used then
const KINDS = { a: "assignment", q: "offer" };

const board = document.getElementById("board");
const said = document.getElementById("board-said");
const dialog = document.getElementById("give");
const body = document.getElementById("give-body");
let held = null; // { block, from, verdicts, others, row, minute: as chosen by keyboard, shown: as said last }
let press = null; // { block, x, y, ghost }
let ahead = null; // { request, at, answer }
let resting = 0;
let asked = ""; // the address of the question in the dialog

export const isHolding = () => held !== null;

export function prepare() {
  board.addEventListener("dragstart", (event) => event.preventDefault());
  board.addEventListener("pointerdown", pressed);
  board.addEventListener("keydown", keyed);
  for (const kind of ["pointerover", "focusin"]) board.addEventListener(kind, rests);
  document.getElementById("give-close").addEventListener("click", () => dialog.close());
}

function mayBeHeld(block) {
  return block && !block.matches(NOT_HELD);
}

async function take(block) {
  held = { block, from: block.closest(".row"), verdicts: new Map(), others: "", row: null, minute: null, shown: null };
  held.from.classList.add("is-source");
  say(board.dataset.taken.replace("#", label(block)));
  const mine = held;
  const found = await verdictsOf(block);
  if (held !== mine) return;
  if (!found) return layBack(found === null ? board.dataset.gone : board.dataset.away);
  const { rows, others } = found;
  held.others = others;
  for (const [person, fit, words] of rows) held.verdicts.set(`p${person}`, { fit, words });
  paint();
  if (held.row) aim(held.row, true);
  if (held.shown !== null) showStart(held.shown);
}

// The first look at a day reads all of it, which takes longer than to pick a block up: so the server
// is asked when somebody rests on one, as who is about to take it does.
// What failed is not used again: null says that the request cannot be given, undefined that nobody
// answered.
function verdictsOf(block) {
  const { request } = block.dataset;
  if (ahead?.request !== request || performance.now() - ahead.at > FRESH)
    ahead = { request, at: performance.now(), answer: askFor(request) };
  return ahead.answer;
}

async function askFor(request) {
  const answer = await fetch(`/board/requests/${request}/verdicts`, { headers: { "HX-Request": "true" } }).catch(() => undefined);
  if (answer?.ok && !answer.redirected) return answer.json();
  ahead = null;
  return answer && null;
}

function rests(event) {
  clearTimeout(resting);
  const block = event.target.closest("a.block");
  const isFinger = event.pointerType === "touch";
  if (isFinger || held || !mayBeHeld(block) || !matchMedia("(min-width: 64rem)").matches) return;
  resting = setTimeout(verdictsOf, REST, block);
}

// Those in sight first, the others forty a frame, so that no frame is long.
function paint() {
  const rows = [...board.querySelectorAll(".people > .row")];
  const top = board.getBoundingClientRect().top;
  rows.sort((a, b) => Math.abs(a.getBoundingClientRect().top - top) - Math.abs(b.getBoundingClientRect().top - top));
  const mine = held;
  const some = () => {
    if (held !== mine) return;
    for (const row of rows.splice(0, 40)) mark(row);
    if (rows.length) requestAnimationFrame(some);
  };
  some();
}

function mark(row) {
  if (row === held.from) return;
  const { fit, words } = verdict(row);
  row.classList.add(`is-${fit}`);
  const chip = document.createElement("span");
  chip.className = "verdict";
  chip.textContent = words;
  chip.setAttribute("aria-hidden", "true");
  row.append(chip);
}

function verdict(row) {
  return held.verdicts.get(row.id) ?? { fit: "no", words: held.others };
}

function aim(row, again = false) {
  if (row === held.row && !again) return;
  held.row?.classList.remove("is-aimed");
  held.row = row;
  if (!row) return;
  row.classList.add("is-aimed");
  if (isLane(row)) return say({ assignment: board.dataset.release, offer: board.dataset.back }[kindOf(held.block)] ?? "");
  if (row === held.from) return say("");
  if (held.others) say(`${row.querySelector(".row__who").textContent}: ${verdict(row).words}`);
}

const kindOf = (block) => KINDS[block.id[0]];

// While something is held it says when it would begin: a window lets it begin where it is put down, and another time
// of its own row is a question or a change.
function showStart(minute) {
  const { block, row } = held;
  held.shown = minute;
  const window = windowOf(block);
  const isElsewhere = row && !isOwn(row);
  const starts = isElsewhere && window ? Math.min(Math.max(minute, window[0]), window[1]) : isOwn(row) && mayBegin(minute) ? minute : ownStart(block);
  const clock = `${String(Math.floor(starts / 60)).padStart(2, "0")}:${String(starts % 60).padStart(2, "0")}`;
  if (press?.ghost) press.ghost.querySelector("b").firstChild.textContent = clock;
  if (isOwn(row)) say(elsewhenOf(minute).replace("#", clock));
  else if (row && !isLane(row) && window && held.minute !== null) say(`${row.querySelector(".row__who").textContent}, ${clock}: ${verdict(row).words}`);
}

// Its own row: whatever is open stays open anywhere in the lane.
const isOwn = (row) => row === held.from || (isLane(row) && !kindOf(held.block));

// A block put down where it was is laid back, as a hand is never quite still; one from the day before begins there.
function mayBegin(minute) {
  const { block } = held;
  const isFixed = block.closest(".from-before") || (windowOf(block) && !kindOf(block));
  return !isFixed && Math.abs(minute - ownStart(block)) >= STEP;
}

// What putting a block down at this time of its own row does.
function elsewhenOf(minute) {
  const { block } = held;
  const window = windowOf(block);
  if (window && !kindOf(block)) return board.dataset.window;
  if (!mayBegin(minute)) return "";
  if ("asks" in block.dataset) return board.dataset.start;
  return window && minute >= window[0] && minute <= window[1] ? board.dataset.anew : board.dataset.change;
}

// Between which minutes of the day it may begin; null where there is one start.
function windowOf(block) {
  const { earliest, latest } = block.dataset;
  return latest ? [earliest ? Number(earliest) : ownStart(block), Number(latest)] : null;
}

function ownStart(block) {
  const [, hours, minutes] = block.getAttribute("title").match(/(\d+):(\d+)/);
  return 60 * hours + Number(minutes);
}

function layBack(words = board.dataset.laid) {
  if (!held) return;
  const block = held.block;
  for (const row of board.querySelectorAll(".is-no, .is-wish, .is-possible, .is-good, .is-best, .is-aimed, .is-source"))
    row.classList.remove("is-no", "is-wish", "is-possible", "is-good", "is-best", "is-aimed", "is-source");
  for (const chip of board.querySelectorAll(".verdict")) chip.remove();
  held = null;
  say(words);
  document.getElementById(block.id)?.focus({ preventScroll: true });
}

// Dropping on somebody who cannot come does nothing but say why; on what is open, it asks why the
// person is released.
function drop(minute = null) {
  ahead = null; // it may be another day from now on
  const { block, row, from } = held;
  const kind = kindOf(block);
  if (isLane(from) && isLane(row) && minute !== null) return elsewhen(block, minute);
  if (row === from && minute !== null && mayBegin(minute)) return elsewhen(block, minute);
  if (!row || row === from) return layBack();
  if (row.matches(".people > .row")) {
    const { fit, words } = verdict(row);
    if (fit === "no") return layBack(board.dataset.impossible.replace("#", words));
    const query = new URLSearchParams({ ...(kind && { kind, instead: block.id.slice(1) }), ...(minute !== null && { at: minute }) });
    ask(`/board/requests/${block.dataset.request}/give/${row.id.slice(1)}?${query}`);
  } else if (kind === "assignment") {
    ask(`/assignments/${block.id.slice(1)}/release`);
  } else if (kind === "offer") {
    block.click();
  }
  layBack("");
}

export async function ask(address) {
  asked = address;
  const page = address.startsWith("/assignments/");
  await htmx.ajax("GET", address, { target: body, swap: "innerHTML", ...(page && { select: "main .page-header, main > p, main form" }) });
  if (page) body.querySelector("h1").id = "give-title";
  if (page) body.querySelector(".actions > a")?.remove(); // it would lead away; the dialog has its own way back
  dialog.showModal();
  dialog.querySelector("select, input:not([type=hidden]), button[type=submit]")?.focus();
}

// Somebody changed something while a question is open: where it would be put otherwise by now, it is,
// and says so. What one has typed stays; the server checks it again.
export async function askedMeanwhile(watching) {
  if (asked.startsWith("/assignments/") || [...body.querySelectorAll("textarea, select, input:not([type=hidden])")].some(isTyped)) return;
  const answer = await watching(asked, { "HX-Request": "true" });
  const drawn = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  if (!dialog.open || answer.redirected || words(drawn) === words(body)) return;
  body.replaceChildren(...drawn.childNodes);
  body.insertAdjacentHTML("afterbegin", '<p class="give__meanwhile" role="status"></p>');
  body.firstChild.textContent = board.dataset.meanwhile;
  htmx.process(body);
}

function isTyped(field) {
  if (field.matches("select")) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
}

function words(element) {
  return element.textContent.replace(/\s+/g, " ").replace(board.dataset.meanwhile, "").trim();
}

const isLane = (row) => row?.matches(".lane, .lane > .row");

// What is dropped at another time of its own row: what that would do is said and asked in the dialog.
function elsewhen(block, minute) {
  const kind = kindOf(block);
  if (!kind && windowOf(block)) return layBack(board.dataset.window);
  if (!mayBegin(minute)) return layBack();
  layBack("");
  const query = new URLSearchParams({ at: minute, ...(kind && { kind, instead: block.id.slice(1) }) });
  ask(`/board/requests/${block.dataset.request}/start?${query}`);
}

// By keyboard: Space takes and puts down, up and down choose the row, left and right the time, Escape lays back.
function keyed(event) {
  const block = event.target.closest("a.block");
  if (event.key === " " && !held && mayBeHeld(block)) {
    event.preventDefault();
    take(block);
  } else if (held && [" ", "Enter"].includes(event.key)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    drop(held.minute);
  } else if (held && event.key === "Escape") {
    event.stopImmediatePropagation();
    layBack();
  } else if (held && ["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    next(event.key);
  } else if (held && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    shift(event.key === "ArrowLeft" ? -STEP : STEP);
  } else if (held && event.key === "Tab") {
    layBack();
  }
}

function shift(minutes) {
  if (!held.row) aim(held.from);
  held.minute = Math.max(0, (held.minute ?? ownStart(held.block)) + minutes);
  showStart(held.minute);
}

// Whoever cannot come is passed over: of two hundred rows few are possible.
function next(key) {
  const rows = [...board.querySelectorAll(".people > .row")].filter((row) => verdict(row).fit !== "no");
  const lane = board.querySelector(".lane");
  if (lane && kindOf(held.block)) rows.unshift(lane);
  if (!rows.length) return say(board.dataset.nobody);
  const here = rows.indexOf(held.row);
  const place = { ArrowDown: here + 1, ArrowUp: here < 0 ? rows.length - 1 : here - 1, Home: 0, End: rows.length - 1 }[key];
  const row = rows[Math.max(0, Math.min(rows.length - 1, place))];
  row.scrollIntoView({ block: "nearest" });
  aim(row);
}

// By mouse or pen; a finger scrolls, and has the list.
function pressed(event) {
  const block = event.target.closest("a.block");
  if (event.button !== 0 || event.pointerType === "touch" || !mayBeHeld(block) || !matchMedia("(min-width: 64rem)").matches) return;
  press = { block, x: event.clientX, y: event.clientY, ghost: null, frame: 0 };
  verdictsOf(block);
  addEventListener("pointermove", moved);
  addEventListener("pointerup", released);
  addEventListener("pointercancel", released);
  addEventListener("keydown", escaped, true);
}

function moved(event) {
  press.at = event;
  if (!press.ghost) {
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < DISTANCE) return;
    lift();
    take(press.block);
  }
  if (!press.frame) press.frame = requestAnimationFrame(follow);
}

function lift() {
  const box = press.block.getBoundingClientRect();
  const ghost = press.block.cloneNode(true);
  for (const name of ["id", "href", "tabindex", "title"]) ghost.removeAttribute(name);
  ghost.classList.add("ghost");
  board.append(ghost);
  Object.assign(press, { ghost, left: box.left, top: box.top, grid: board.querySelector(".axis .row__track").getBoundingClientRect() });
  place(ghost, box.left, box.top, box.width);
}

// Styles by script are the script's own doing, which the policy allows; attributes are not.
function place(ghost, left, top, width) {
  if (width) ghost.style.width = `${width}px`;
  ghost.style.transform = `translate(${left}px, ${top}px)`;
}

function follow() {
  if (!press?.ghost) return;
  press.frame = 0;
  const { clientX, clientY } = press.at;
  place(press.ghost, press.left + clientX - press.x, press.top + clientY - press.y);
  if (!held) return;
  const under = document.elementFromPoint(clientX, clientY);
  const lane = under?.closest(".lane");
  aim(lane ?? under?.closest(".people > .row") ?? null);
  showStart(startOf(press.left + clientX - press.x));
  const box = board.getBoundingClientRect();
  const step = clientY > box.bottom - EDGE ? 12 : clientY < box.top + EDGE ? -12 : 0;
  if (step) {
    board.scrollBy(0, step);
    press.frame = requestAnimationFrame(follow);
  }
}

function released(event) {
  const { ghost, left, x, block } = press;
  const minute = ghost ? startOf(left + event.clientX - x) : null;
  letGo();
  if (!ghost) return;
  // the click that follows a drag opens nothing
  addEventListener("click", (click) => { click.preventDefault(); click.stopPropagation(); }, { capture: true, once: true });
  setTimeout(() => dispatchEvent(new Event("click")), 0);
  if (held?.block === block) event.type === "pointerup" ? drop(minute) : layBack();
}

function escaped(event) {
  if (event.key !== "Escape" || !press?.ghost) return;
  event.stopPropagation();
  letGo();
  layBack();
}

function letGo() {
  press.ghost?.remove();
  cancelAnimationFrame(press.frame);
  press = null;
  removeEventListener("pointermove", moved);
  removeEventListener("pointerup", released);
  removeEventListener("pointercancel", released);
  removeEventListener("keydown", escaped, true);
}

// The minute of the day at which a block would begin whose edge lies there.
function startOf(left) {
  const [, from] = board.className.match(/from-(\d+)/);
  const [, to] = board.className.match(/to-(\d+)/);
  const share = (left + board.scrollLeft - press.grid.left) / press.grid.width;
  return Math.max(0, Math.round((from * 60 + share * (to - from) * 60) / STEP) * STEP);
}

function label(block) {
  return block.getAttribute("title");
}

function say(words) {
  said.textContent = words;
}
