// The event stream, read by fetch so that a token can be sent. It is open as long as somebody listens.
import { fetchFrom, reach } from "/page/api.js";

const listeners = new Map(); // topic -> set of functions
let running = null;

function deliver(text) {
  let topic = "", data = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("event:")) topic = line.slice(6).trim();
    if (line.startsWith("data:")) data += line.slice(5);
  }
  if (!data) return;
  const entry = JSON.parse(data);
  for (const listener of listeners.get(topic) ?? []) listener(entry);
}

async function read(stop) {
  const topics = [...listeners.keys()].join(",");
  const response = await fetchFrom(`/events?topics=${topics}`, { signal: stop });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    parts.forEach(deliver);
  }
}

async function run(control) {
  let wait = 250;
  while (!control.signal.aborted) {
    try {
      wait = 250;
      await read(control.signal);
    } catch (error) {
      if (error.name === "AbortError") return;
      wait = Math.min(4000, wait * 2);
    }
    if (reach.value === "yes" && !control.signal.aborted) resumed.forEach((one) => one());
    await new Promise((done) => setTimeout(done, wait));
  }
}

const resumed = new Set();
let pending = 0;

// Several components come and go at once: one stream for all of them.
function restart() {
  clearTimeout(pending);
  pending = setTimeout(() => {
    running?.abort();
    running = null;
    if (listeners.size === 0 || document.visibilityState !== "visible") return;
    running = new AbortController();
    run(running);
  }, 30);
}
document.addEventListener("visibilitychange", restart);

/** Calls `listener` with each entry of a topic. Returns a function that ends it. */
export function listen(topic, listener) {
  const before = listeners.size;
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(listener);
  if (listeners.size !== before) restart();
  return () => {
    listeners.get(topic)?.delete(listener);
    if (listeners.get(topic)?.size === 0) {
      listeners.delete(topic);
      restart();
    }
  };
}

/** Calls it whenever the stream was lost: something may have been missed. */
export function onLost(act) {
  resumed.add(act);
  return () => resumed.delete(act);
}
