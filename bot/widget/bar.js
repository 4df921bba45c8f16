// What is within reach in every state: emergency numbers, a quick way out, starting again, erasing, how it is displayed.
import { h } from "./dom.js";
import { keepPreferences } from "./preferences.js";
import { canSpeak, hush } from "./voice.js";

/** Emergency numbers and the quick way out. */
export function topBar(words, quit) {
  const numbers = words.emergency_numbers.map((each) =>
    h("li", {}, h("a", { class: "call", href: each.url }, each.title), h("span", { class: "hint" }, ` ${each.for}`)),
  );
  return h(
    "div",
    { class: "top" },
    h("details", { class: "emergency" }, h("summary", {}, words.emergency), h("ul", { role: "list" }, numbers)),
    h("button", { type: "button", class: "quit", "aria-describedby": "quit-hint", onclick: quit }, words.quit),
  );
}

/** Start again, erase, display options. `apply` puts the preferences into effect. */
export function bottomBar(words, { restart, erase, preferences, apply }) {
  const change = (name, value) => {
    preferences[name] = value;
    if (name === "aloud" && !value) hush();
    keepPreferences(preferences);
    apply();
  };
  const check = (name) =>
    h(
      "label",
      { class: "check" },
      h("input", { type: "checkbox", checked: preferences[name], onchange: (event) => change(name, event.target.checked) }),
      words[name],
    );
  const sizes = Object.entries(words.sizes).map(([id, title]) =>
    h(
      "label",
      { class: "check" },
      h("input", { type: "radio", name: "size", value: id, checked: preferences.size === id, onchange: () => change("size", id) }),
      title,
    ),
  );
  const actions = h(
    "div",
    { class: "actions" },
    h("button", { type: "button", class: "small quiet", onclick: restart }, words.restart),
    h("button", { type: "button", class: "small quiet", onclick: erase }, words.erase),
  );
  const options = h(
    "details",
    { class: "options" },
    h("summary", {}, words.options),
    h("fieldset", {}, h("legend", {}, words.size), sizes),
    check("contrast"),
    canSpeak && check("aloud"),
  );
  return { node: h("div", { class: "bottom" }, actions, options, h("p", { class: "hint", id: "quit-hint" }, words.quit_hint)), actions };
}

/** Ask before something that cannot be undone. Resolves to true or false; the focus goes back where it was. */
export function ask(root, title, text, yes, no) {
  return new Promise((resolve) => {
    let answer = false;
    const close = (value) => {
      answer = value;
      dialog.close();
    };
    const dialog = h(
      "dialog",
      { class: "ask", "aria-labelledby": "ask-title", "aria-describedby": "ask-text" },
      h("h3", { id: "ask-title" }, title),
      h("p", { id: "ask-text" }, text),
      h(
        "div",
        { class: "actions" },
        h("button", { type: "button", class: "main", onclick: () => close(true) }, yes),
        h("button", { type: "button", class: "choice", onclick: () => close(false) }, no),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    root.append(dialog);
    dialog.showModal();
  });
}
