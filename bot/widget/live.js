// Messages that nobody asked for: an adviser's answer, another tab of the same browser.
// Server-sent events where the server offers them (an `events` address in its answers), polling otherwise.

const OFTEN = 15000;
const SELDOM = 60000;
const STILL_FRESH = 180000; // after this long without news, polling slows down

/** Follow a conversation: `start(events)`, `stop()`, `tell(news)` to the other tabs. */
export function follow(conversation) {
  const { client } = conversation;
  const tabs = client.ours && "BroadcastChannel" in window ? new BroadcastChannel("relais") : null;
  let timer = 0;
  let since = 0;
  let stream = null;
  let source = null;

  const look = async () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") await conversation.refresh();
    if (since && source && !stream) listen(); // cut by a proxy or a restart: follow again
    else plan();
  };
  const plan = () => {
    clearTimeout(timer);
    if (since && !stream) timer = setTimeout(look, Date.now() - since < STILL_FRESH ? OFTEN : SELDOM);
  };
  const wake = () => {
    if (since && document.visibilityState === "visible") look();
  };
  const listen = async () => {
    stream = new AbortController();
    const { signal } = stream;
    try {
      await drain(await fetch(new URL(source, client.server), { ...client.options(!client.ours), signal }), conversation);
    } catch {
      // cut, refused or not offered: polling takes over, and tries again each time that it looks
    }
    if (signal.aborted) return;
    stream = null;
    await conversation.refresh();
    plan();
  };
  if (tabs) {
    tabs.onmessage = ({ data }) => (data === "ended" ? conversation.ended() : conversation.refresh());
  }
  document.addEventListener("visibilitychange", wake);

  const stop = () => {
    since = 0;
    clearTimeout(timer);
    stream?.abort();
    stream = null;
  };
  return {
    start(events) {
      stop();
      since = Date.now();
      source = events || null;
      if (source) listen();
      else plan();
    },
    stop,
    tell(news) {
      if (since) since = Date.now();
      tabs?.postMessage(news);
    },
    close() {
      stop();
      document.removeEventListener("visibilitychange", wake);
      if (tabs) tabs.close();
    },
  };
}

/** Any event means that there is something new: it is read from the transcript, which knows the order. */
async function drain(response, conversation) {
  if (!response.ok || !/event-stream/.test(response.headers.get("Content-Type") || "")) throw new Error("no stream");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (/^data:/m.test(part.value)) await conversation.refresh();
  }
}
