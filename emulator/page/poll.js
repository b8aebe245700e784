// Values that are asked for again and again, as long as a component shows them and the page is seen.
import { signal, useEffect } from "/page/view.js";
import { get } from "/page/api.js";

const polled = new Map();

function start(entry, path) {
  const run = (entry.run = {}); // a new one ends the one before, which may wait for its answer
  const turn = async () => {
    const began = performance.now();
    if (document.visibilityState === "visible") {
      try {
        entry.value.value = await get(path);
      } catch {
        // Whether the server is there is shown once for the whole page.
      }
    }
    if (entry.users > 0 && entry.run === run) entry.timer = setTimeout(turn, Math.max(20, entry.period - (performance.now() - began)));
  };
  turn();
}

/** The answer of GET `path`, asked for every `period` ms; null before the first one. */
export function usePoll(path, period) {
  let entry = polled.get(path);
  if (!entry) polled.set(path, (entry = { value: signal(null), users: 0, period, timer: 0, run: null }));
  useEffect(() => {
    entry.period = period;
    if (entry.users++ === 0) start(entry, path);
    return () => {
      if (--entry.users === 0) clearTimeout(entry.timer);
    };
  }, [path]);
  return entry.value;
}
