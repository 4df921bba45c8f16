// The conversation itself: begins, resumes, sends, receives, erases. What it shows is in transcript.js and answer.js.
import { Answer } from "./answer.js";
import { Client, Lost } from "./client.js";
import { h, newId } from "./dom.js";
import { follow } from "./live.js";
import { Outbox } from "./outbox.js";
import { Transcript } from "./transcript.js";
import { hush, speak } from "./voice.js";

const SHOW_TYPING = 400; // an answer faster than this needs no sign of waiting
const SAY_TYPING = 1200;

export class Conversation {
  #timers = [];
  #typed = false;
  #question = null;
  #offered = null;
  #elsewhere = false;
  #behind = false;

  /** `view`: {words, announcer, preferences, full(client), state(name), reveal(node)}. */
  constructor(server, view) {
    this.view = view;
    this.words = view.words;
    this.client = new Client(server);
    const say = (words) => view.announcer.say(words);
    this.transcript = new Transcript(view.words, () => view.full(this.client), say);
    const suggest = (text) => this.client.call("POST", "/api/places", { text }).then(({ data }) => data.places || [], () => []);
    this.answer = new Answer(view.words, (body, shown) => this.send(body, shown), say, suggest);
    this.status = h("p", { class: "status", hidden: true });
    this.outbox = new Outbox(this.client, {
      lost: () => this.#lost(),
      waiting: (item) => this.transcript.mark(item.id, this.words.waiting),
      back: () => this.#tell(this.words.back),
      sent: (item, reply) => this.#sent(item, reply),
      idle: () => this.#idle(),
    });
    this.live = follow(this);
  }

  /** Whether there is a conversation on screen. */
  get begun() {
    return this.transcript.size > 0;
  }

  async begin() {
    if (this.#elsewhere && (await this.resume())) return true;
    const reply = await this.#call("POST", "/api/conversations", {});
    if (!reply) return false;
    if (!reply.ok) {
      this.#refused(reply);
      return false;
    }
    this.#clear();
    this.view.state("open");
    this.#receive(reply.data.messages);
    this.live.start(reply.data.events);
    this.live.tell("changed");
    return true;
  }

  /** Show the conversation that this browser already has, if there is one. Returns whether there is. */
  async resume() {
    if (!this.client.ours) return false;
    const reply = await this.client.call("GET", "/api/conversation").catch(() => null);
    if (!reply?.ok || !reply.data.messages?.length || this.begun) return this.begun;
    reply.data.messages.forEach((message) => this.transcript.add(message));
    this.view.state("open");
    this.#ask(reply.data.question);
    this.#tell(this.words.resumed, { visible: false });
    this.live.start(reply.data.events);
    return true;
  }

  /** What came since: an adviser's message, another tab. Never during a message of ours, whose answer is on its way. */
  async refresh() {
    this.#elsewhere ||= !this.begun;
    if (!this.begun) return;
    const reply = !this.outbox.busy && (await this.client.call("GET", "/api/conversation").catch(() => null));
    this.#behind = this.outbox.busy;
    if (!reply || this.#behind) return;
    if (reply.status === 401) return this.#end(this.words.ended);
    if (!reply.ok) return;
    const { messages, question, handoff } = reply.data;
    if (!messages.some(({ id }) => this.transcript.has(id))) {
      this.transcript.clear();
      this.#tell(this.words.replaced);
    }
    const fresh = messages.filter(({ id }) => !this.transcript.has(id));
    if (!fresh.length) return;
    if (handoff === "taken") this.#ask(null); // the answer is for the adviser: the bot's choices would mislead
    this.#receive(fresh, question);
  }

  send(body, shown) {
    const item = { id: newId(), body, shown };
    hush();
    this.#tell("");
    this.#ask(null);
    const node = this.transcript.add({ id: item.id, from: "user", text: shown });
    this.#post(item);
    this.view.reveal(node);
  }

  async erase() {
    const reply = await this.#call("DELETE", "/api/conversation");
    if (!reply || (!reply.ok && reply.status !== 401)) {
      if (reply) this.#refused(reply);
      return false;
    }
    this.#end(this.words.erased);
    this.live.tell("ended");
    return true;
  }

  /** Erase without waiting: the page is being left. */
  vanish() {
    const erasing = this.client.call("DELETE", "/api/conversation", undefined, { keepalive: true }).catch(() => null);
    this.#clear();
    this.live.tell("ended");
    return erasing;
  }

  /** Another tab erased or replaced the conversation. */
  ended() {
    if (this.begun) this.#end(this.words.ended);
  }

  close() {
    this.live.close();
    this.outbox.close();
    this.#typing(false);
  }

  /** Messages that arrive: shown and announced, once each. The focus does not move. */
  #receive(messages, question) {
    const shown = messages.map((message) => [message, this.transcript.add(message)]).filter(([, node]) => node);
    const asking = question || [...messages].reverse().find((each) => each.asks || each.choices?.length);
    this.#ask(asking && asking.id === this.#offered?.id ? this.#offered : asking || this.#offered);
    for (const [message] of shown) {
      if (message.from === "user") continue;
      const words = [message.text, message.id === asking?.id && this.answer.spoken(message)].filter(Boolean).join(" ");
      this.view.announcer.say(words.replace(/\*\*/g, ""));
      if (this.view.preferences.aloud) speak(words.replace(/[*•]/g, ""));
    }
    if (shown.length) this.view.reveal(shown[0][1]);
  }

  #ask(message) {
    if (message && message === this.#offered) return;
    this.#question = message || this.#question;
    this.#offered = message;
    this.answer.offer(message);
  }

  /** Nothing is on its way any more: what came meanwhile can be read. */
  #idle() {
    this.#typing(false);
    if (this.#behind) this.refresh();
  }

  #post(item) {
    this.outbox.add(item);
    this.#typing(true);
  }

  #sent(item, reply) {
    this.transcript.mark(item.id, null);
    if (!reply.ok) return this.#refused(reply, item);
    if (!this.outbox.busy) this.#typing(false);
    this.#receive(reply.data.messages || []);
    this.live.tell("changed");
    if (reply.data.erased) this.#end(this.words.erased);
  }

  /** 401, 409, 413, 429, 503…: the sentence of the API, the way on, and what was written is not lost. */
  #refused(reply, item) {
    this.#typing(false);
    const { error, messages } = reply.data;
    if (reply.status === 401) return this.#end(error?.message || this.words.ended, messages);
    this.#tell(error?.message || this.words.failed);
    const again = reply.status === 429 || reply.status >= 500;
    if (item) this.transcript.mark(item.id, this.words.unsent, again && (() => this.#again(item)));
    if (messages?.length) this.#receive(messages.map((message) => ({ ...message, id: this.#fresh(message.id) })));
    else this.#ask(this.#question);
    if (reply.status === 409) setTimeout(() => this.refresh());
  }

  /** A question that is put again is a new message on screen, although the server gives it its first id. */
  #fresh(id) {
    return this.transcript.has(id) ? newId() : id;
  }

  #again(item) {
    this.#tell("");
    this.transcript.mark(item.id, null);
    this.answer.title.focus({ preventScroll: true });
    this.#ask(null);
    this.#post(item);
  }

  #lost() {
    this.#typing(false);
    this.#tell(this.words.lost);
  }

  async #call(method, path, body) {
    try {
      return await this.client.call(method, path, body);
    } catch (problem) {
      if (!(problem instanceof Lost)) throw problem;
      this.#tell(this.words.lost_action);
      return null;
    }
  }

  #tell(words, { visible = true } = {}) {
    this.status.textContent = visible ? words : "";
    this.status.hidden = !visible || !words;
    this.view.announcer.say(words);
  }

  #typing(on) {
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
    if (!on) {
      this.#typed = false;
      return this.transcript.typing(false);
    }
    const saying = () => {
      if (!this.#typed) this.view.announcer.say(this.words.typing);
      this.#typed = true;
    };
    this.#timers = [setTimeout(() => this.transcript.typing(true), SHOW_TYPING), setTimeout(saying, SAY_TYPING)];
    return null;
  }

  #clear() {
    this.outbox.clear();
    this.live.stop();
    hush();
    this.#typing(false);
    this.#question = null;
    this.#offered = null;
    this.transcript.clear();
    this.answer.offer(null);
    this.answer.text.value = "";
    this.#tell("");
  }

  #end(notice, messages) {
    this.#clear();
    this.client.forget();
    this.view.state("start");
    (messages || []).forEach((message) => this.transcript.add(message));
    this.#tell(notice);
    (messages || []).forEach((message) => this.view.announcer.say(message.text));
  }
}
