// <relais-chat>: the custom element, inline or floating, and what one script tag needs to put it on a page.
import { ask, bottomBar, topBar } from "./bar.js";
import { Conversation } from "./conversation.js";
import { focusOn, h } from "./dom.js";
import { readPreferences } from "./preferences.js";
import { link, safe } from "./text.js";
import { Announcer } from "./voice.js";

const script = document.currentScript;
const HOME = script ? new URL(script.src).origin : location.origin;
const NARROW = "(max-width: 40em), (max-height: 30em)";
const READ = ["mode", "server", "title", "exit", "theme", "words", "resume"];

function stylesheet() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  return sheet;
}

/** The words, with those that the page changes (`data-words`, JSON) and `data-title`. */
function wordsOf(data) {
  let changed = {};
  try {
    changed = JSON.parse(data.words || "{}");
  } catch {
    console.warn("relais-chat: data-words is not JSON, left aside");
  }
  return { ...WORDS, ...changed, ...(data.title && { title: data.title }) };
}

class RelaisChat extends HTMLElement {
  #built = false;

  connectedCallback() {
    if (this.#built) return;
    this.#built = true;
    this.words = wordsOf(this.dataset);
    this.floating = this.dataset.mode === "floating";
    this.preferences = readPreferences();
    this.announcer = new Announcer();
    this.root = this.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [stylesheet()];
    this.conversation = new Conversation((this.dataset.server || HOME).replace(/\/$/, ""), {
      words: this.words,
      announcer: this.announcer,
      preferences: this.preferences,
      full: (client) => this.#full(client),
      state: (name) => this.#state(name),
      reveal: (node) => this.#reveal(node),
    });
    this.#build();
    this.#apply();
    this.#state("start");
    if (!this.floating) this.#resume();
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (!this.isConnected) this.conversation.close();
    });
  }

  /** Open or close the floating panel. */
  open() {
    if (!this.floating || this.panel.open) return;
    // On a small screen the panel covers everything: then what is behind must not be reachable.
    if (matchMedia(NARROW).matches) this.panel.showModal();
    else this.panel.show();
    this.corner.hidden = true;
    this.heading.focus({ preventScroll: true });
    this.#resume();
  }

  close() {
    if (this.floating && this.panel.open) this.panel.close();
  }

  #build() {
    const { words, conversation } = this;
    this.heading = h("h2", { id: "title", tabindex: "-1" }, words.title);
    const head = h("header", { class: "head" }, h("div", {}, this.heading, h("p", { class: "hint" }, words.subtitle)));
    const { node: bottom, actions } = bottomBar(words, {
      restart: () => this.#restart(),
      erase: () => this.#erase(),
      preferences: this.preferences,
      apply: () => this.#apply(),
    });
    this.actions = actions;
    this.begin = h("button", { type: "button", class: "main begin", onclick: () => this.#begin() }, words.begin);
    this.intro = h("div", { class: "intro" }, h("p", {}, words.intro), h("p", {}, words.intro_privacy));
    this.start = h("div", { class: "start" }, this.begin);
    this.skip = h("button", { type: "button", class: "small quiet skip", onclick: () => focusOn(conversation.answer.title) }, words.to_question);
    this.body = h(
      "div",
      { class: "body" },
      this.intro,
      this.skip,
      conversation.transcript.node,
      conversation.status,
      this.start,
      conversation.answer.node,
      bottom,
    );
    this.frame = h("section", { class: "frame", lang: "fr", "aria-labelledby": "title" }, head, topBar(words, () => this.#quit()), this.body, this.announcer.node);
    if (this.floating) this.#float(head);
    else this.root.append(this.frame);
  }

  #float(head) {
    const { words } = this;
    head.append(h("button", { type: "button", class: "small quiet", onclick: () => this.close() }, words.close));
    this.panel = h("dialog", { class: "panel", "aria-labelledby": "title" }, this.frame);
    this.panel.addEventListener("close", () => {
      this.corner.hidden = false;
      this.launcher.focus();
    });
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    this.launcher = h("button", { type: "button", class: "main launcher", "aria-haspopup": "dialog", onclick: () => this.open() }, words.launcher);
    this.corner = h("section", { class: "corner", lang: "fr", "aria-label": words.title }, this.launcher);
    this.root.append(this.corner, this.panel);
  }

  async #resume() {
    if (this.dataset.resume === "no" || this.conversation.begun) return;
    if (!(await this.conversation.resume())) return;
    this.skip.hidden = false;
    if (this.floating) this.body.scrollTo(0, this.body.scrollHeight);
  }

  /** What is shown before, and during, a conversation. */
  #state(name) {
    const open = name === "open";
    for (const node of [this.conversation.answer.node, this.actions]) node.hidden = !open;
    this.skip.hidden = true;
    for (const node of [this.start, this.intro]) node.hidden = open;
  }

  async #begin() {
    if (this.waiting) return;
    this.waiting = true;
    if (await this.conversation.begin()) this.conversation.answer.title.focus({ preventScroll: true });
    this.waiting = false;
  }

  async #erase() {
    const { words } = this;
    if (!(await ask(this.root, words.confirm_erase, words.confirm_erase_text, words.confirm_erase_yes, words.cancel))) return;
    if (await this.conversation.erase()) this.begin.focus();
  }

  async #restart() {
    const { words } = this;
    if (!(await ask(this.root, words.confirm_restart, words.confirm_restart_text, words.confirm_restart_yes, words.cancel))) return;
    if ((await this.conversation.erase()) && !this.waiting) await this.#begin();
  }

  /** Empties the screen first, asks for erasure, then leaves by replacing this page in the history. */
  #quit() {
    this.frame.hidden = true;
    const erasing = this.conversation.vanish();
    const leave = () => location.replace(safe(this.dataset.exit) || this.words.exit);
    Promise.race([erasing, new Promise((resolve) => setTimeout(resolve, 300))]).then(leave);
  }

  /** What opens the whole plan: its page with our cookie, or with the token sent by a form from another site. */
  #full(client) {
    const title = this.words.plan.full;
    if (client.ours) return h("p", {}, link(`${client.server}/plan`, title, { class: "button" }));
    const token = h("input", { type: "hidden", name: "token" });
    const form = h("form", { method: "post", action: `${client.server}/plan/open`, target: "_blank" }, token, h("button", { class: "choice" }, title));
    form.addEventListener("submit", () => {
      token.value = client.token;
      setTimeout(() => (token.value = ""));
    });
    return form;
  }

  /** Bring a new message into sight, without moving the focus. */
  #reveal(node) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    requestAnimationFrame(() => node.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" }));
  }

  #apply() {
    const { size, contrast } = this.preferences;
    this.setAttribute("data-size", size);
    this.toggleAttribute("data-contrast", contrast);
  }
}

if (!customElements.get("relais-chat")) {
  customElements.define("relais-chat", RelaisChat);
  const data = { mode: "floating", ...script?.dataset };
  const place = () => {
    if (!script?.dataset.mode && document.querySelector("relais-chat")) return;
    const chat = h("relais-chat", Object.fromEntries(READ.filter((name) => data[name]).map((name) => [`data-${name}`, data[name]])));
    if (data.mode === "inline" && document.body.contains(script)) script.after(chat);
    else document.body.append(chat);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
}
