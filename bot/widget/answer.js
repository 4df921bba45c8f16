// How to answer: native controls for what the question asks, and always a field for one's own words.
import { fill, h, newId } from "./dom.js";
import { frenchDate } from "./text.js";

const TOOLS = ["dont_know", "go_back", "why_question"];
const NO_CHANGE = ["yes", "adviser", "adviser_cancel"]; // of a recap: what changes no line of it
const LONGEST = 2000;
const PAUSE = 250; // milliseconds without a key before asking for suggestions

export class Answer {
  /** `send(body, shown)` takes an answer; `say` announces; `suggest(text)` resolves to places that begin so. */
  constructor(words, send, say, suggest) {
    this.words = words;
    this.send = send;
    this.say = say;
    this.suggest = suggest;
    this.title = h("h3", { class: "title", tabindex: "-1" }, words.answer);
    this.progress = h("p", { class: "hint progress", hidden: true });
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
    this.node = h("div", { class: "answer" }, this.title, this.progress, this.offered, this.form, this.toolbox);
  }

  /** Show the controls of a message's question. */
  offer(message) {
    const { words } = this;
    const choices = message?.choices || [];
    const tools = TOOLS.map((tool) => choices.find(({ id }) => id === tool)).filter(Boolean);
    const answers = choices.filter(({ id }) => !TOOLS.includes(id));
    const recap = message?.asks === "confirm";
    const main = recap ? answers.filter(({ id }) => NO_CHANGE.includes(id)) : answers;
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
    this.label.textContent = main.length || input ? words.text_or : words.text_only;
    this.progress.textContent = this.#rank(message);
    this.progress.hidden = !message?.progress;
  }

  /** What a listener needs to know of the choices. */
  spoken(message) {
    const titles = (message.choices || []).filter(({ id }) => !TOOLS.includes(id)).map(({ title }) => title);
    const { words } = this;
    const sentence = titles.length > 5 ? words.choices_counted : words.choices_said;
    const choices = titles.length && fill(sentence, { count: titles.length, titles: titles.join(", ") });
    const rank = this.#rank(message);
    return [choices, rank && `${rank}.`].filter(Boolean).join(" ");
  }

  #rank(message) {
    return message?.progress ? fill(this.words.progress, message.progress) : "";
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
    const id = newId();
    const limit = untilToday ? new Date().toLocaleDateString("sv") : max;
    const own = {
      date: { type, max: limit },
      number: { type, max, min: "0", step: "1", inputmode: "numeric" },
      place: { type: "text", list: `${id}-l`, autocomplete: "off", maxlength: "200" },
    }[type];
    const hint = words[`${type}_hint`];
    const control = h("input", { id, ...own, "aria-describedby": `${id}-h ${id}-e` });
    const places = type === "place" && h("datalist", { id: `${id}-l` });
    if (places) this.#suggesting(control, places);
    const error = h("p", { class: "error", id: `${id}-e`, hidden: true });
    const submit = (event) => {
      event.preventDefault();
      const wrong = !control.value.trim() || !control.checkValidity();
      control.toggleAttribute("aria-invalid", false);
      error.hidden = !wrong;
      if (!wrong) {
        const shown = { date: frenchDate, number: (value) => String(Number(value)), place: (value) => value.trim() }[type];
        const words = fill(say, { value: shown(control.value) });
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
      hint && h("p", { class: "hint", id: `${id}-h` }, hint),
      h("div", { class: "line" }, control, places, h("button", { type: "submit", class: "choice" }, words[`send_${type}`])),
      error,
    );
  }

  /** Places that begin with what is typed, as the browser's own suggestions; without network there are none. */
  #suggesting(control, list) {
    let timer = 0;
    control.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const typed = control.value;
        const places = await this.suggest(typed);
        if (typed === control.value && !places.includes(typed)) list.replaceChildren(...places.map((value) => h("option", { value })));
      }, PAUSE);
    });
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
