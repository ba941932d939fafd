// Progressive enhancement only: every page works without this file.
document.documentElement.classList.add("js");

// Messages can be closed.
document.addEventListener("click", (event) => {
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest(".notice").remove();
});

// A question before something drastic: the unfolded question becomes a modal dialog, in the
// same step, so that an Escape pressed at once is heard.
document.addEventListener("click", (event) => {
  const details = event.target.closest("[data-confirm] > summary")?.parentElement;
  if (!details) return;
  event.preventDefault();
  const dialog = details.querySelector("dialog");
  details.open = true;
  dialog.removeAttribute("open");
  dialog.showModal();
  dialog.addEventListener("close", () => {
    details.open = false;
    details.querySelector("summary").focus();
  }, { once: true });
});
document.addEventListener("click", (event) => {
  event.target.closest("[data-close-dialog]")?.closest("dialog").close();
});

// A time chosen among the possible ones is the day and start of the form, until another is typed.
document.addEventListener("change", ({ target }) => {
  const fields = target.form?.elements;
  if (!fields?.possible_start) return;
  if (target.name === "possible_start") {
    [fields.day.value, fields.start.value] = target.value.split("T");
    fields.latest_start.value = "";
    fields.day.dispatchEvent(new Event("input", { bubbles: true })); // the summary beside reads them
  } else if (target.name === "day" || target.name === "start") {
    for (const time of target.form.querySelectorAll('[name="possible_start"]:checked')) time.checked = false;
  }
});

// What begins sooner than one is to be asked goes only as urgent: that is a question as soon as the day is known.
function askWhetherUrgent({ target }) {
  const question = target.form?.querySelector("[data-in-time]");
  if (!question) return;
  const { day, start, is_urgent: box } = target.form.elements;
  const { inTime, stands } = question.dataset;
  const isWhole = day.value > "2000"; // while a year is typed, it is 0002
  const isSoon = isWhole && day.value < inTime && !(stands && `${day.value}T${start.value}` >= stands);
  question.hidden = !isSoon;
  if (!isSoon) box.checked = false;
}
document.addEventListener("input", (event) => {
  if (["day", "start"].includes(event.target.name)) askWhetherUrgent(event);
});
document.addEventListener("DOMContentLoaded", () => {
  const question = document.querySelector("[data-in-time][hidden]");
  if (question) askWhetherUrgent({ target: question.closest("form").elements.day });
});

// Possible times hold for what they were looked up for: when that is changed, they are looked up anew.
document.addEventListener("change", ({ target }) => {
  const times = document.getElementById("times");
  if (!times?.querySelector(".times__head") || !times.dataset.of.split(" ").includes(target.name)) return;
  const told = document.createElement("p");
  told.className = "muted";
  told.setAttribute("role", "status");
  told.textContent = times.dataset.stale;
  times.replaceChildren(told);
});

// A field of a text is put where the cursor stands, by pressing its name.
document.addEventListener("click", (event) => {
  const field = event.target.closest("[data-insert]");
  const into = field && document.getElementById(field.dataset.insertInto);
  if (!into) return;
  into.focus();
  into.setRangeText(field.dataset.insert, into.selectionStart, into.selectionEnd, "end");
});

// A page made for paper.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// Menus close on Escape and on a click elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// A form is sent once; coming back with the back button makes it usable again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.querySelector("[data-progress-text]")?.removeAttribute("hidden");
  event.submitter?.setAttribute("aria-disabled", "true");
});
function release(root) {
  for (const form of root.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[data-progress-text]")?.setAttribute("hidden", "");
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
}
window.addEventListener("pageshow", () => release(document));

// What needs attention first is read first.
function focusFirst(root) {
  root.querySelector("[data-focus]")?.focus();
}
document.addEventListener("DOMContentLoaded", () => focusFirst(document));

// Enter in a search for something to choose picks the first thing found instead of sending the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches(".lookup__input")) return;
  event.preventDefault();
  event.target.dataset.pick = "first";
  htmx.trigger(event.target, "search");
});
// A search that comes back late does not take back what was chosen meanwhile.
document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  if (target.matches(".lookup__results")) target.dataset.chosen = target.querySelector(":checked")?.value ?? "";
});
document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  const again = [...target.querySelectorAll('input[type="radio"]')].find((one) => one.value === target.dataset.chosen);
  if (again && !target.querySelector(":checked")) again.checked = true;
});
document.addEventListener("htmx:afterSwap", (event) => {
  const input = document.querySelector(`[hx-target="#${event.detail.target.id}"][data-pick]`);
  if (!input) return;
  delete input.dataset.pick;
  const first = event.detail.target.querySelector('input[type="radio"]');
  if (first && !first.closest("[data-unsure]")) first.checked = true;
  first?.focus();
});

// Enter in a form with such a search goes on to the next field that is needed and still empty; it sends nothing
// while there is one, as browsers do by themselves with forms that they check. In a field with a button
// of its own it presses that.
function isEmpty(field) {
  if (!field.matches(".lookup__input")) return !field.value;
  if (field.name === "named" && field.form.elements.language_in_words.value) return false;
  return !document.querySelector(`${field.getAttribute("hx-target")} :checked`);
}
document.addEventListener("keydown", (event) => {
  const { target } = event;
  if (event.key !== "Enter" || !target.matches("input:not(.lookup__input)") || !target.form?.querySelector(".lookup__input")) return;
  if (target.dataset.enter) {
    event.preventDefault();
    document.getElementById(target.dataset.enter).click();
    return;
  }
  const needed = [...target.form.querySelectorAll(".lookup__input, input[required]:not([type=radio]), select[required]")];
  const empty = needed.filter(isEmpty);
  const next = empty.find((field) => target.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING) ?? empty[0];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

// All or none of a long list of boxes.
document.addEventListener("click", (event) => {
  const all = event.target.closest("[data-choose-all]");
  if (!all && !event.target.closest("[data-choose-none]")) return;
  const boxes = event.target.closest("[data-choices]").querySelectorAll('input[type="checkbox"]');
  for (const box of boxes) box.checked = Boolean(all);
});

// htmx: the CSRF token with every request, a sentence when the server cannot be reached.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const lost = event.detail.failed && (!event.detail.xhr.status || event.detail.xhr.status >= 500);
  document.getElementById("connection-lost").hidden = !lost;
  release(document);
});
document.addEventListener("htmx:afterSwap", (event) => focusFirst(event.detail.target));

// How much of a text's room is used; nothing is cut, the server says what is too long.
function count(area) {
  const told = document.querySelector(`[data-count-of="${area.id}"]`);
  const length = [...area.value].length;
  told.textContent = told.dataset.words.replace("#", length);
  told.classList.toggle("field__error", length > Number(area.dataset.most));
}
document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-most]")) count(event.target);
});
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("textarea[data-most]").forEach(count);
});
