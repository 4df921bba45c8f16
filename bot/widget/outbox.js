// Messages on their way: one at a time, in order, each with an id that makes sending it again harmless.
import { Lost } from "./client.js";

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30000;

export class Outbox {
  #items = [];
  #running = false;
  #wait = FIRST_WAIT;
  #timer = 0;
  #lost = false;

  /** `events`: lost(), waiting(item), back(), sent(item, reply), idle(). */
  constructor(client, events) {
    this.client = client;
    this.events = events;
    this.again = () => this.#run();
    addEventListener("online", this.again);
  }

  get busy() {
    return this.#items.length > 0;
  }

  add(item) {
    this.#items.push(item);
    if (this.#lost) this.events.waiting(item);
    else this.#run();
  }

  /** Forget what has not left. */
  clear() {
    this.#items = [];
    this.#lost = false;
    clearTimeout(this.#timer);
  }

  close() {
    this.clear();
    removeEventListener("online", this.again);
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    clearTimeout(this.#timer);
    try {
      while (this.#items.length) await this.#send(this.#items[0]);
      this.events.idle();
    } catch (problem) {
      if (!(problem instanceof Lost)) throw problem;
      this.#later();
    } finally {
      this.#running = false;
    }
  }

  async #send(item) {
    const reply = await this.client.call("POST", "/api/messages", { ...item.body, id: item.id });
    if (this.#items[0] !== item) return; // erased in the meantime
    this.#items.shift();
    if (this.#lost) {
      this.#lost = false;
      this.#wait = FIRST_WAIT;
      this.events.back();
    }
    this.events.sent(item, reply);
  }

  #later() {
    if (!this.#items.length) return;
    if (!this.#lost) {
      this.#lost = true;
      this.#items.forEach((item) => this.events.waiting(item));
      this.events.lost();
    }
    this.#timer = setTimeout(this.again, this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }
}
