// The web API. On its own origin the session is an HttpOnly cookie that scripts cannot read; elsewhere a bearer token,
// held in memory alone: nothing about a conversation is ever written on the person's device by this script.

const PATIENCE = 60000; // milliseconds; longer than the server's own patience, so that it is the server that answers

/** No answer came: cut network, closed server, or too slow. */
export class Lost extends Error {}

export class Client {
  #token = null;

  constructor(server) {
    this.server = server;
    this.ours = new URL(server).origin === location.origin;
  }

  get token() {
    return this.#token;
  }

  /** `{status, data, ok}`; data is {} when there was no JSON. Throws Lost when no answer came. */
  async call(method, path, body, { keepalive = false } = {}) {
    let reply = await this.#fetch(method, path, body, keepalive, !this.ours);
    // A browser that refuses cookies: the token of this page still opens the conversation that it began.
    if (reply.status === 401 && this.ours && this.#token) reply = await this.#fetch(method, path, body, keepalive, true);
    if (reply.data.token) this.#token = reply.data.token;
    return reply;
  }

  forget() {
    this.#token = null;
  }

  /** Headers and credentials of a request. */
  options(bearer) {
    const headers = bearer && this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
    return { headers, credentials: "same-origin", cache: "no-store", referrerPolicy: "no-referrer" };
  }

  async #fetch(method, path, body, keepalive, bearer) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), PATIENCE);
    const request = { ...this.options(bearer), method, keepalive, signal: limit.signal };
    if (body !== undefined) {
      request.headers["Content-Type"] = "application/json";
      request.body = JSON.stringify(body);
    }
    try {
      const response = await fetch(this.server + path, request);
      const text = await response.text();
      return { status: response.status, ok: response.ok, data: read(text) };
    } catch (problem) {
      throw new Lost(problem.name);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** JSON, or {} for the page of a proxy that answered in our place. */
function read(text) {
  try {
    return JSON.parse(text) || {};
  } catch {
    return {};
  }
}
