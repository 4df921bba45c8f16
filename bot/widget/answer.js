// How to answer: native controls for what the question asks, and always a field for one's own words.
import { fill, h, newId } from "./dom.js";
import { frenchDate } from "./text.js";

const TOOLS = ["dont_know", "go_back", "why_question"];
const LONGEST = 2000;

export class Answer {
  /** `send(body, shown, kind)` takes an answer; `say` announces. */
  constructor(words, send, say) {
    this.words = words;
    this.send = send;
    this.say = say;
    this.title = h("h3", { class: "title", tabindex: "-1" }, words.answer);
    this.offered = h("div", { class: "offered" });
    this.toolbox = h("div", { class: "toolbox" });
    this.label = h("label", { for: "text" }, words.text_only);
    this.hint = h("p", { class: "hint", id: "hint" }, words.text_hint);
    this.error = h("p", { class: "error", id: "error", hidden: true });
    this.text = h("textarea", { id: "text", rows: "2", "aria-describedby": "hint error", autocomplete: "off" });
    this.text.addEventListener("keydown", (event) => this.#keys(event));
    this.text.addEventListener("input", () => this.#refuse(null));
    this.form = h(
      "form",
      { class: "words", novalidate: true, onsubmit: (event) => this.#submit(event) },
      this.label,
      this.hint,
      h("div", { class: "line" }, this.text, h("button", { type: "submit", class: "main" }, words.send)),
      this.error,
    );
    this.node = h("div", { class: "answer" }, this.title, this.offered, this.form, this.toolbox);
  }

  /** Show the controls of a message's question. */
  offer(message) {
    const { words } = this;
    const choices = message?.choices || [];
    const tools = TOOLS.map((tool) => choices.find(({ id }) => id === tool)).filter(Boolean);
    const answers = choices.filter(({ id }) => !TOOLS.includes(id));
    const recap = message?.asks === "confirm";
    const main = recap ? answers.filter(({ id }) => id === "yes") : answers;
    const changes = answers.filter((choice) => !main.includes(choice));
    const input = words.inputs[message?.asks];
    const held = this.offered.matches(":focus-within") || this.toolbox.matches(":focus-within");
    this.offered.replaceChildren(
      ...[
        this.#group(words.choices, main, "choices", recap ? "main" : "choice", message),
        this.#group(words.change, changes, "changes", "small", message),
        input && this.#native(input),
      ].filter(Boolean),
    );
    this.toolbox.replaceChildren(...[this.#group(words.tools, tools, "tools", "small quiet", message)].filter(Boolean));
    if (held) this.title.focus({ preventScroll: true });
    const place = message?.input === "place";
    this.label.textContent = place ? words.place : main.length || input ? words.text_or : words.text_only;
    this.hint.textContent = place ? words.place_hint : words.text_hint;
  }

  /** What a listener needs to know of the choices. */
  spoken(message) {
    const titles = (message.choices || []).filter(({ id }) => !TOOLS.includes(id)).map(({ title }) => title);
    if (!titles.length) return "";
    if (titles.length > 5) return fill(this.words.choices_counted, { count: titles.length });
    return fill(this.words.choices_said, { titles: titles.join(", ") });
  }

  #group(legend, choices, group, kind, message) {
    if (!choices.length) return null;
    const question = (message.text || "").replace(/\*\*/g, "").split("\n").pop();
    return h(
      "fieldset",
      { class: group },
      h("legend", {}, legend, h("span", { class: "hidden" }, ` : ${question}`)),
      choices.map(({ id, title }) =>
        h("button", { type: "button", class: kind, onclick: () => this.#choose({ choice: id }, title) }, title),
      ),
    );
  }

  /** The control that was used is about to go: the focus waits on the heading, where the next answers will be. */
  #choose(body, shown) {
    this.title.focus({ preventScroll: true });
    this.send(body, shown);
  }

  #native({ type, label, say, until_today: untilToday, max }) {
    const { words } = this;
    const number = type === "number";
    const id = newId();
    const limit = untilToday ? new Date().toLocaleDateString("sv") : max;
    const control = h("input", { id, type, max: limit, min: number ? "0" : null, step: number ? "1" : null, "aria-describedby": `${id}-e` });
    const error = h("p", { class: "error", id: `${id}-e`, hidden: true });
    const submit = (event) => {
      event.preventDefault();
      const wrong = !control.value || !control.checkValidity();
      control.toggleAttribute("aria-invalid", false);
      error.hidden = !wrong;
      if (!wrong) {
        const words = fill(say, { value: number ? String(Number(control.value)) : frenchDate(control.value) });
        this.#choose({ text: words }, words);
        return;
      }
      control.setAttribute("aria-invalid", "true");
      error.textContent = fill(words[control.value ? `${type}_wrong` : `${type}_missing`], { max });
      this.say(error.textContent);
      control.focus();
    };
    return h(
      "form",
      { class: "native", novalidate: true, onsubmit: submit },
      h("label", { for: id }, label),
      h("div", { class: "line" }, control, h("button", { type: "submit", class: "choice" }, words[`send_${type}`])),
      error,
    );
  }

  #keys(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  #refuse(problem) {
    this.error.hidden = !problem;
    this.error.textContent = problem || "";
    if (!problem) return this.text.removeAttribute("aria-invalid");
    this.text.setAttribute("aria-invalid", "true");
    this.say(problem);
    this.text.focus();
  }

  #submit(event) {
    event.preventDefault();
    const words = this.text.value.trim();
    if (!words) return this.#refuse(this.words.write_first);
    if (words.length > LONGEST) return this.#refuse(fill(this.words.too_long, { count: words.length }));
    this.text.value = "";
    this.text.focus();
    this.send({ text: words }, words);
  }
}
