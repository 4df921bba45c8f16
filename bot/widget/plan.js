// The plan inside the conversation: one thing to do first, then the steps. The whole of it is on /plan.
import { fill, h } from "./dom.js";
import { frenchDate, link, rich, safe, tel } from "./text.js";

/** Nodes of a plan. `full` opens the whole plan, or is null; `say` announces. */
export function planNodes(plan, words, full, say) {
  const steps = (plan.steps || []).filter(Boolean);
  const first = steps.find((step) => step.id === plan.first_step) || steps[0];
  const others = steps.filter((step) => step !== first);
  const view = new PlanView(plan, words.plan, say);
  return h(
    "div",
    { class: "plan" },
    h("h3", {}, words.plan.title),
    first && h("section", { class: "first" }, h("h4", {}, words.plan.first), h("p", { class: "what" }, first.title), view.step(first)),
    others.length > 0 && h("h4", {}, words.plan.steps),
    others.map((step) =>
      h("details", { class: "step" }, h("summary", {}, h("span", { class: "when" }, words.plan.when[step.when] || ""), " ", step.title), view.step(step)),
    ),
    full,
  );
}

class PlanView {
  constructor(plan, words, say) {
    this.sources = plan.sources || {};
    this.words = words;
    this.say = say;
  }

  step(step) {
    const words = this.words;
    return [
      this.part(words.contacts, (step.contacts || []).map((contact) => this.contact(contact))),
      step.say && this.part(words.say, [this.sentence(step.say)]),
      this.list(words.deadlines, step.deadlines, (each) => [h("strong", {}, frenchDate(each.date)), each.date ? " : " : "", each.label]),
      this.list(words.why, step.why, (each) => [each.text, this.source(each.source)]),
      this.list(words.bring, step.bring, (each) => [each]),
      step.id !== "employer" && // it is a step of the employer's own
        step.employer_informed in words.employer_informed &&
        this.part(words.employer, [h("p", {}, words.employer_informed[step.employer_informed])]),
    ];
  }

  part(title, nodes) {
    return nodes.length > 0 && h("div", { class: "part" }, h("p", { class: "label" }, title), nodes);
  }

  list(title, items, show) {
    return items && items.length > 0 && this.part(title, [h("ul", {}, items.map((item) => h("li", {}, show(item))))]);
  }

  source(id) {
    const found = this.sources[id];
    return found && [" ", h("span", { class: "source" }, "(", link(found.url, fill(this.words.source, found)), ")")];
  }

  contact(contact) {
    const { name, phone, address } = contact;
    const words = this.words;
    const links = contact.links || [
      { url: contact.booking_url, title: fill(words.booking, contact) },
      { url: contact.url, title: fill(words.site, contact) },
    ];
    return h(
      "div",
      { class: "contact" },
      h("p", { class: "name" }, name),
      contact.how && rich(contact.how),
      phone && h("p", {}, h("a", { class: "button main call", href: tel(phone) }, fill(words.call, { name, phone: spaced(phone) }))),
      links
        .filter(({ url }) => safe(url))
        .map(({ url, title }) => h("p", {}, link(url, [title, !title.includes(name) && h("span", { class: "hidden" }, ` : ${name}`)]))),
      address && h("p", {}, fill(words.address, contact), ". ", link(words.map_url + encodeURIComponent(address), [words.map, h("span", { class: "hidden" }, ` : ${name}`)])),
      contact.hours && h("p", {}, fill(words.hours, contact)),
      contact.note && h("p", { class: "hint" }, contact.note),
    );
  }

  sentence(words) {
    const quote = h("blockquote", {}, rich(words));
    return [quote, h("button", { type: "button", class: "small", onclick: () => this.copy(words, quote) }, this.words.copy)];
  }

  async copy(words, quote) {
    try {
      await navigator.clipboard.writeText(words);
      this.say(this.words.copied);
    } catch {
      getSelection().selectAllChildren(quote);
      this.say(document.execCommand("copy") ? this.words.copied : this.words.not_copied);
    }
  }
}

/** « 36 46 » for 3646: what is dialled is also what is read. */
function spaced(phone) {
  return /^\d{4}$/.test(phone) ? `${phone.slice(0, 2)} ${phone.slice(2)}` : phone;
}
