// From the text of a message to DOM nodes: paragraphs, lists, bold, addresses, telephone numbers.
import { h } from "./dom.js";

const SAFE = /^(https?:\/\/|tel:|sms:|mailto:|\/(?!\/))/i;
const MONTH = "(?!\\s*(?:janv|févr|mars|avr|mai\\b|juin|juil|août|sept|oct|nov|déc|jours|heures|ans))";
// One alternative per kind of piece. Short numbers are links only where the sentence says to call them: « le 15 » may be a date.
const PIECES = new RegExp(
  [
    "\\*\\*(?<bold>[^*\\n]+)\\*\\*",
    "(?<url>https?:\\/\\/[^\\s<>\"']*[^\\s<>\"'.,;:!?)\\]»])",
    "(?<phone>\\b0[1-9](?:[ .\\u00a0]?\\d\\d){4}\\b|\\b(?:36[ \\u00a0]?46|39[ \\u00a0]?49)\\b|\\b3\\d[ \\u00a0]?\\d\\d(?=\\.?$))",
    `(?<before>\\b(?:appelez (?:maintenant )?le|appelez-le|ou le|Urgence(?:,| :)|noires :) |\\bSMS au )(?<short>1[5-8]|11[2459]|3114|3919)\\b${MONTH}`,
    "(?<help>\\b(?:3114|3919)\\b)",
  ].join("|"),
  "gi",
);

/** The address if it is safe to follow, else null. */
export function safe(url) {
  return typeof url === "string" && SAFE.test(url) ? url : null;
}

/** `tel:` address of a French number: +33 form for ten digits, as dialled for short numbers. */
export function tel(phone) {
  const digits = phone.replace(/[^\d+]/g, "");
  return `tel:${/^0\d{9}$/.test(digits) ? `+33${digits.slice(1)}` : digits}`;
}

/** « 1er mars 2026 » from an ISO date. */
export function frenchDate(iso) {
  const found = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso || "");
  if (!found) return iso || "";
  const [, year, month, day] = found.map(Number);
  const name = new Intl.DateTimeFormat("fr-FR", { month: "long", timeZone: "UTC" }).format(Date.UTC(year, month - 1, 1));
  return `${day === 1 ? "1er" : day} ${name} ${year}`;
}

/** A link that does not tell the other site where the person comes from, and says when it opens a tab. */
export function link(url, title, attributes = {}) {
  const address = safe(url);
  if (!address) return h("span", {}, title);
  const outside = /^https?:/i.test(address);
  const said = outside && h("span", { class: "hidden" }, ` ${WORDS.new_tab}`);
  return h("a", { href: address, rel: "noreferrer", target: outside ? "_blank" : null, ...attributes }, title, said);
}

function inline(words) {
  const nodes = [];
  let start = 0;
  for (const found of words.matchAll(PIECES)) {
    const { bold, url, phone, before, short, help } = found.groups;
    nodes.push(words.slice(start, found.index));
    if (bold) nodes.push(h("strong", {}, bold));
    else if (url) nodes.push(link(url, url));
    else if (short) nodes.push(before, link(`${/SMS/i.test(before) ? "sms" : "tel"}:${short}`, short));
    else nodes.push(link(tel(phone || help), phone || help));
    start = found.index + found[0].length;
  }
  nodes.push(words.slice(start));
  return nodes.filter((node) => node !== "");
}

/** Paragraphs and lists of a message's text. */
export function rich(text) {
  const nodes = [];
  for (const line of (text || "").split("\n").map((each) => each.trim()).filter(Boolean)) {
    const item = /^[•-]\s+(.*)$/.exec(line);
    if (!item) {
      nodes.push(h("p", {}, inline(line)));
      continue;
    }
    if (!nodes.length || nodes[nodes.length - 1].tagName !== "UL") nodes.push(h("ul", {}));
    nodes[nodes.length - 1].append(h("li", {}, inline(item[1])));
  }
  return nodes;
}
