// First chat page: speaks the web API with the session cookie. No framework, nothing from elsewhere.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const log = byId("log");
  const announcer = byId("announcer");
  const statusLine = byId("status");
  const choices = byId("choices");
  const text = byId("text");
  const names = { user: "Vous", bot: "Relais", adviser: "Conseiller" };
  const lost = "La connexion est coupée. Votre message n'est pas parti : réessayez. Urgence : 15 ou 112.";
  let busy = false;

  byId("chat").hidden = false;

  async function call(method, path, body) {
    const options = { method, credentials: "same-origin", headers: {} };
    if (body !== undefined) {
      options.headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    const response = await fetch(path, options);
    const data = response.status === 204 ? {} : await response.json();
    return { ok: response.ok, status: response.status, data };
  }

  function paragraphs(parent, words) {
    for (const line of (words || "").split("\n").filter((part) => part.trim())) {
      const paragraph = document.createElement("p");
      line.split("**").forEach((part, rank) => {
        const node = rank % 2 ? document.createElement("strong") : document.createElement("span");
        node.textContent = part;
        paragraph.append(node);
      });
      parent.append(paragraph);
    }
  }

  function link(url, title) {
    const anchor = document.createElement("a");
    anchor.href = /^(https?:|tel:|sms:|mailto:|\/(?!\/))/i.test(url) ? url : "#";
    anchor.textContent = title;
    return anchor;
  }

  function show(message) {
    const item = document.createElement("li");
    item.className = message.from;
    const who = document.createElement("p");
    who.className = "who";
    who.textContent = names[message.from];
    item.append(who);
    paragraphs(item, message.text);
    if (message.links && message.links.length) {
      const list = document.createElement("ul");
      list.className = "links";
      for (const { url, title } of message.links) {
        const entry = document.createElement("li");
        entry.append(link(url, title));
        list.append(entry);
      }
      item.append(list);
    }
    if (message.plan) {
      item.append(link("/plan", "Lire mon parcours complet"));
      byId("plan").hidden = false;
    }
    log.append(item);
    item.scrollIntoView({ block: "nearest" });
  }

  // The announcer is apart from the log: each message is read once, and the log stays free to browse.
  function announce(messages) {
    announcer.replaceChildren();
    for (const message of messages) {
      const line = document.createElement("p");
      const titles = (message.choices || []).map((choice) => choice.title).join(", ");
      line.textContent = [message.text, titles && `Réponses proposées : ${titles}`].filter(Boolean).join(" ");
      announcer.append(line);
    }
  }

  function offer(messages) {
    choices.replaceChildren();
    const last = messages.flatMap((message) => message.choices || []);
    for (const choice of last) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = choice.title;
      button.addEventListener("click", () => send({ choice: choice.id }, choice.title));
      choices.append(button);
    }
  }

  function receive(messages) {
    messages.forEach(show);
    announce(messages);
    offer(messages);
    byId("begin").hidden = true;
    byId("answer").hidden = false;
  }

  function refuse(data) {
    statusLine.textContent = (data.error && data.error.message) || lost;
    if (data.messages && data.messages.length) {
      data.messages.forEach(show);
      announce(data.messages);
      offer(data.messages);
    }
  }

  async function once(work) {
    if (busy) return;
    busy = true;
    statusLine.textContent = "Relais répond…";
    try {
      await work();
      if (statusLine.textContent === "Relais répond…") statusLine.textContent = "";
    } catch (problem) {
      statusLine.textContent = lost;
    } finally {
      busy = false;
    }
  }

  let pending = null; // a message sent again after a lost connection keeps its id: it is taken once

  function send(body, shown) {
    return once(async () => {
      const key = JSON.stringify(body);
      if (!pending || pending.key !== key) pending = { key, id: crypto.getRandomValues(new Uint32Array(3)).join("-") };
      const { ok, status, data } = await call("POST", "/api/messages", { ...body, id: pending.id });
      pending = null;
      if (!ok) {
        refuse(data);
        if (status === 401) byId("begin").hidden = false;
        return;
      }
      show({ from: "user", text: shown });
      text.value = "";
      receive(data.messages);
    });
  }

  function begin() {
    return once(async () => {
      const { ok, data } = await call("POST", "/api/conversations", {});
      if (!ok) return refuse(data);
      log.replaceChildren();
      receive(data.messages);
      text.focus();
    });
  }

  async function erase() {
    const { ok, status, data } = await call("DELETE", "/api/conversation");
    if (!ok && status !== 401) {
      refuse(data);
      return false;
    }
    log.replaceChildren();
    choices.replaceChildren();
    byId("plan").hidden = true;
    return true;
  }

  byId("begin").addEventListener("click", begin);
  byId("restart").addEventListener("click", () => once(erase).then(begin));
  byId("erase").addEventListener("click", () => once(async () => {
    if (!(await erase())) return;
    byId("answer").hidden = true;
    byId("begin").hidden = false;
    byId("begin").focus();
    statusLine.textContent = "Votre conversation est effacée.";
  }));
  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (words) send({ text: words }, words);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      byId("form").requestSubmit();
    }
  });

  // Resume what was going on, if there is something.
  once(async () => {
    const { ok, data } = await call("GET", "/api/conversation");
    if (!ok || !data.messages.length) return;
    data.messages.forEach(show);
    byId("begin").hidden = true;
    byId("answer").hidden = false;
    byId("plan").hidden = !data.plan;
    offer(data.question ? [data.question] : []);
  });
})();
