// The features of the camera: values, limits and locks as they are now, whoever changes them.
import { batch, signal, useEffect } from "/page/view.js";
import { get, put, reach, Refused } from "/page/api.js";
import { attempt, tell } from "/page/alerts.js";
import { listen, onLost } from "/page/events.js";

/** Names in the order of the description file. */
export const names = signal([]);
const byName = new Map(); // name -> signal
const own = new Map(); // name -> when this page wrote it
/** Names that somebody else changed lately. */
export const foreign = signal(new Set());

const kFresh_ms = 1500;
const kMarked_ms = 4000;

/** The signal of a feature; its value is null until it is known. */
export function feature(name) {
  if (!byName.has(name)) byName.set(name, signal(null));
  return byName.get(name);
}

/** The value alone; undefined until it is known. */
export const valueOf = (name) => feature(name).value?.value;

function take(one) {
  const known = feature(one.name);
  if (JSON.stringify(known.peek()) !== JSON.stringify(one)) known.value = one;
}

export async function load() {
  try {
    const { features } = await get("/features");
    batch(() => {
      features.forEach(take);
      if (names.value.length !== features.length) names.value = features.map((one) => one.name);
    });
  } catch {
    // Whether the server is there is shown once for the whole page.
  }
}

let later = 0;
// A value may change limits and locks of others.
function loadSoon(wait) {
  if (later) return;
  later = setTimeout(() => {
    later = 0;
    load();
  }, wait);
}

function mark(name) {
  foreign.value = new Set([...foreign.value, name]);
  setTimeout(() => {
    foreign.value = new Set([...foreign.value].filter((one) => one !== name));
  }, kMarked_ms);
}

function changed({ name, value }) {
  const known = feature(name);
  if (!known.value) return;
  known.value = { ...known.value, value };
  const quiet = known.value.access === "RO" || performance.now() - (own.get(name) ?? -1e9) < kFresh_ms;
  if (!quiet) mark(name);
  loadSoon(quiet ? 1500 : 300);
}

let users = 0;
let ends = [];
/** Keeps features up to date as long as the component is there. */
export function useFeatures() {
  useEffect(() => {
    if (users++ === 0) {
      load();
      ends = [listen("features", changed), onLost(load), reach.subscribe((now) => now === "yes" && names.peek().length > 0 && loadSoon(50))];
    }
    return () => {
      if (--users === 0) ends.forEach((end) => end());
    };
  }, []);
}

/** Writes a value or runs a command. Refusals are told, with what can be done. True if it was taken. */
export async function write(name, value, { selector, override } = {}) {
  const body = {};
  if (value !== undefined) body.value = value;
  if (selector !== undefined) body.selector = selector;
  if (override) body.override = true;
  own.set(name, performance.now());
  try {
    take(await put(`/features/${name}`, body));
    loadSoon(60);
    return true;
  } catch (error) {
    if (error instanceof Refused && error.key === "override") {
      const client = error.message.replace(/^override: /, "").split(" ")[0];
      tell(`${client} controls the camera, so ${name} was not written.`, {
        action: { text: "Write all the same", act: () => write(name, value, { selector, override: true }) },
      });
    } else {
      await attempt(() => Promise.reject(error));
    }
    loadSoon(60);
    return false;
  }
}

export const command = (name) => write(name, undefined);
