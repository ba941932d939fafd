// The summary beside the form in which somebody asks: it says what the form would send.
const summary = document.querySelector("[data-summary]");
const form = document.querySelector("form.form");
const language = document.documentElement.lang;

const day = (value) =>
  new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { weekday: "short", day: "numeric", month: "long", year: "numeric" })
    .format(new Date(`${value}T12:00`));

// What was chosen or typed, as its reader sees it. By name: a search has the id of what it looks for.
const words = (name) => {
  const fields = [...form.querySelectorAll(`[name="${name}"]`)];
  const field = fields.find((one) => one.type !== "radio" || one.checked);
  if (!field?.value) return "";
  if (field.type === "radio") {
    return (field.closest(".pick")?.querySelector(".pick__title") ?? field.labels[0]).textContent;
  }
  if (field.type === "checkbox") {
    return fields.filter((one) => one.checked).map((one) => one.closest(".pick")?.querySelector(".pick__title").textContent ?? summary.dataset.yes).join(", ");
  }
  if (field.nodeName === "SELECT") return field.selectedOptions[0].textContent;
  return field.type === "date" ? day(field.value) : field.value;
};

// A series as one says it: every 2 weeks, 6 times, until 5 January.
const rhythm = ({ weekly, weeks, monthly, months, chosen, time, times, until }) => {
  const { value } = form.elements["series-repeats"];
  const [every, count, last, days] = ["every", "count", "last", "chosen"].map((name) => form.elements[`series-${name}`].value.trim());
  if (!value) return "";
  if (value === "chosen") return [chosen, ...days.split("\n")].filter((one) => one.trim()).join(", ");
  const [one, many] = value === "weekly" ? [weekly, weeks] : [monthly, months];
  const said = [Number(every || 1) === 1 ? one : many.replace("#", every)];
  if (count) said.push(count === "1" ? time : times.replace("#", count));
  if (last) said.push(until.replace("#", day(last)));
  return said.join(", ");
};

// What the button leads to: with several dates they are shown first, and nothing is sent yet.
const send = form?.querySelector(":scope > .actions [type=submit] .kern-label");
const sends = send?.textContent;

const tell = (row, text) => {
  row.querySelector("dd").textContent = text;
  row.hidden = !text;
};

const summarise = () => {
  for (const row of summary.querySelectorAll("[data-of]")) {
    tell(row, words(row.dataset.of).trim());
  }
  const several = summary.querySelector("[data-rhythm]");
  tell(several, rhythm(several.dataset));
  send.textContent = several.hidden ? sends : several.dataset.send;
  summary.querySelector("[data-nothing]").hidden = summary.querySelector(".facts__item:not([hidden])") !== null;
};

if (summary && form) {
  for (const event of ["input", "change", "htmx:afterSwap"]) form.addEventListener(event, summarise);
  summarise();
}

// Who could come at the start that is typed; taken away as soon as it is about something else.
const outlook = document.getElementById("outlook");
const NEEDED = ["language", "site", "day", "start"];
const TYPING_MS = 500;
let outlookOf;
let outlookWaits;

const lookAhead = () => {
  const filled = new FormData(form);
  const said = JSON.stringify(outlook.dataset.of.split(" ").map((name) => filled.getAll(name)));
  if (said === outlookOf) return;
  outlookOf = said;
  clearTimeout(outlookWaits);
  htmx.trigger(outlook, "htmx:abort");
  outlook.replaceChildren();
  if (NEEDED.every((name) => filled.get(name))) outlookWaits = setTimeout(() => htmx.trigger(outlook, "outlook"), TYPING_MS);
};

if (outlook && form) {
  for (const event of ["input", "change", "htmx:afterSwap"]) form.addEventListener(event, lookAhead);
  lookAhead();
}

// Whoever came before depends on the language: asked for anew when another one is chosen.
const helpers = document.getElementById("helpers");
const chosen = () => new FormData(form).get("language") ?? "";
let helpersOf = form && helpers ? chosen() : "";

const nameAnew = () => {
  if (chosen() === helpersOf) return;
  helpersOf = chosen();
  htmx.trigger(helpers, "helpers");
};

if (helpers && form) for (const event of ["change", "htmx:afterSwap"]) form.addEventListener(event, nameAnew);
