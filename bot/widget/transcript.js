// What was said: a plain list, without a live region, that anyone can browse at their own pace.
import { h } from "./dom.js";
import { planNodes } from "./plan.js";
import { link, rich } from "./text.js";

export class Transcript {
  #items = new Map();
  #plan = null;

  /** `words`; `full()` makes what opens the whole plan, or null; `say` announces. */
  constructor(words, full, say) {
    this.words = words;
    this.full = full;
    this.say = say;
    this.list = h("ol", { class: "said", role: "list", "aria-label": words.messages });
    this.dots = h("p", { class: "typing", hidden: true }, h("span", { class: "dots", "aria-hidden": "true" }), words.typing);
    this.node = h("div", {}, this.list, this.dots);
  }

  has(id) {
    return this.#items.has(id);
  }

  get size() {
    return this.#items.size;
  }

  /** Add a message at the end; returns its node, or null if it is already there. */
  add(message) {
    if (this.#items.has(message.id)) return null;
    const { words } = this;
    const item = h(
      "li",
      { class: message.from },
      h("p", { class: "who" }, words.from[message.from] || words.from.bot),
      h("div", { class: "bubble" }, rich(message.text), this.#links(message.links)),
      message.plan && this.#planOf(message.plan),
    );
    this.#items.set(message.id, item);
    this.list.append(item);
    return item;
  }

  /** Under a message that has not left: what became of it, and a way to send it again. */
  mark(id, state, retry) {
    const item = this.#items.get(id);
    if (!item) return;
    item.querySelector(".state")?.remove();
    item.classList.toggle("unsent", Boolean(state));
    if (!state) return;
    const button = retry && h("button", { type: "button", class: "small", onclick: retry }, this.words.retry);
    item.append(h("p", { class: "state" }, state, " ", button));
  }

  typing(on) {
    this.dots.hidden = !on;
  }

  clear() {
    this.#items.clear();
    this.#plan = null;
    this.list.replaceChildren();
    this.typing(false);
  }

  #links(links) {
    if (!links || !links.length) return null;
    const calls = (url) => (/^(tel|sms):/i.test(url) ? "call" : null);
    return h("ul", { class: "links" }, links.map(({ url, title }) => h("li", {}, link(url, title, { class: calls(url) }))));
  }

  /** Only the last plan is shown whole: an old one could be followed by mistake. */
  #planOf(plan) {
    this.#plan?.replaceWith(h("p", { class: "hint" }, this.words.plan.updated));
    this.#plan = planNodes(plan, this.words, this.full(), this.say);
    return this.#plan;
  }
}
