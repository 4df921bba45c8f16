// The inbox and the page of a conversation by keyboard. All of it can be done without: these are shortcuts to the
// page's own links and buttons, which can be turned off (WCAG 2.1.4).
const KEPT = "relais-console-shortcuts";
const box = document.querySelector("[data-shortcuts]");
const toggle = document.querySelector("[data-shortcuts-on]");

const active = () => localStorage.getItem(KEPT) !== "off";

if (box && toggle) {
  box.hidden = false;
  toggle.checked = active();
  toggle.addEventListener("change", () => localStorage.setItem(KEPT, toggle.checked ? "on" : "off"));
}

const writing = (node) => node.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

const rows = () => [...document.querySelectorAll("[data-list] > li")];

function move(by) {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + by))];
  next?.querySelector("a.open").focus();
}

function tick() {
  const row = rows().find((each) => each.contains(document.activeElement));
  const field = row?.querySelector("input[type=checkbox]");
  if (field) field.checked = !field.checked;
}

const inList = { j: () => move(1), k: () => move(-1), x: tick, "/": () => document.querySelector("[data-search]").focus() };

function act(key) {
  if (document.querySelector("[data-list]") && inList[key]) return inList[key];
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return null;
  return () => (writing(target) ? target.focus() : target.click());
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && "jk".indexOf(event.key) < 0) return;
  if (!active() || writing(event.target)) return;
  const doing = act(event.key);
  if (!doing) return;
  event.preventDefault();
  doing();
});

const all = document.querySelector("[data-tick-all]");
if (all) {
  all.closest("[data-all]").hidden = false;
  all.addEventListener("change", () => {
    for (const field of document.querySelectorAll("[data-list] input[type=checkbox]")) field.checked = all.checked;
  });
}

// Earlier turns come above those shown, without losing the place; without JavaScript the link opens them alone.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-earlier]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  const answer = await fetch(link.href).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) {
    location.assign(link.href);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const list = document.querySelector("[data-list-of-turns]");
  const first = list.firstElementChild;
  const top = first.getBoundingClientRect().top;
  const more = page.querySelector("[data-earlier]");
  list.prepend(...page.querySelectorAll("[data-list-of-turns] > li"));
  if (more) link.href = more.href;
  else link.parentElement.remove();
  link.removeAttribute("aria-busy");
  window.scrollBy(0, first.getBoundingClientRect().top - top);
  first.querySelector(".seq").focus({ preventScroll: true });
});
