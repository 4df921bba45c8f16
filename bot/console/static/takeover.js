// A conversation taken over, live: new messages arrive by themselves, one's own leave without reloading the page.
// Without this script the page works by reloading.
const list = document.getElementById("fil");
const box = list.parentElement;
const told = document.getElementById("direct");
const form = document.getElementById("ecrire");
const OPEN = ["waiting", "taken"];
const AFTER_FAULT = 5000;

let last = Number(list.dataset.last);
let leaving = false; // a button of the page was pressed: its own answer says what changed, a reload would cancel it

function add(message) {
  if (list.querySelector(`[data-id="${CSS.escape(message.id)}"]`)) return;
  const item = document.createElement("li");
  item.className = message.from + (message.alarm ? " alarm" : "");
  item.dataset.id = message.id;
  const who = document.createElement("p");
  who.className = "who";
  const at = document.createElement("span");
  at.className = "at";
  at.textContent = message.at;
  who.append(`${message.who} `, at);
  item.append(who);
  for (const line of message.text.split("\n").filter((each) => each.trim())) {
    const words = document.createElement("p");
    words.textContent = line;
    item.append(words);
  }
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  list.append(item);
  if (atEnd) box.scrollTop = box.scrollHeight;
}

async function news(wait) {
  const response = await fetch(`${list.dataset.suite}?apres=${last}&attendre=${wait ? 1 : 0}`, {
    headers: { Accept: "application/json" },
    cache: "no-store",
  });
  if (!response.ok) throw new Error(String(response.status));
  const body = await response.json();
  body.messages.forEach(add);
  last = Math.max(last, body.last);
  return body.status;
}

async function follow() {
  for (;;) {
    try {
      const status = await news(true);
      told.textContent = "";
      if (leaving) return;
      if (status !== list.dataset.status) return location.reload(); // taken elsewhere, given back, closed
      if (!OPEN.includes(status)) return;
    } catch (problem) {
      if (leaving) return;
      if (["401", "403", "404"].includes(problem.message)) return location.reload();
      told.textContent = told.dataset.lost;
      await new Promise((resolve) => setTimeout(resolve, AFTER_FAULT));
    }
  }
}

async function send(event) {
  event.preventDefault();
  const text = form.elements.text;
  if (!text.value.trim()) return text.focus();
  const button = form.querySelector("button");
  button.setAttribute("aria-disabled", "true");
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    if (!response.ok) {
      const { error } = await response.json();
      told.textContent = error.message || error;
      return;
    }
    text.value = "";
    form.elements.id.value = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
    told.textContent = "";
    await news(false);
  } catch {
    told.textContent = told.dataset.unsent;
  } finally {
    button.removeAttribute("aria-disabled");
    text.focus();
  }
}

addEventListener("submit", (event) => {
  leaving ||= event.target !== form;
});
box.scrollTop = box.scrollHeight;
if (form) {
  form.addEventListener("submit", send);
  form.elements.text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}
follow();
