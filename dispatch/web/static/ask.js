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
  if (field.type === "checkbox") return field.checked ? summary.dataset.yes : "";
  if (field.nodeName === "SELECT") return field.selectedOptions[0].textContent;
  return field.type === "date" ? day(field.value) : field.value;
};

const summarise = () => {
  let isEmpty = true;
  for (const row of summary.querySelectorAll("[data-of]")) {
    const text = words(row.dataset.of).trim();
    row.querySelector("dd").textContent = text;
    row.hidden = !text;
    isEmpty &&= !text;
  }
  summary.querySelector("[data-nothing]").hidden = !isEmpty;
};

if (summary && form) {
  for (const event of ["input", "change", "htmx:afterSwap"]) form.addEventListener(event, summarise);
  summarise();
}

// Who could come at the start that is typed: looked up once it is known what, where and when, and again when
// anything changes that decides it. What is shown is taken away at once: it was about something else.
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
