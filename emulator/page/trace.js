// What the signals tell, as tracks of a logic analyser: levels, spans and moments, by the camera's clock.
import { signal, useEffect } from "/page/view.js";
import { get } from "/page/api.js";
import { listen, onLost } from "/page/events.js";

const kKept = 16384; // as many as the camera keeps

/** Tracks in the order in which they are drawn. */
export const kTracks = [
  { name: "trigger_in", text: "TRIGGER_IN", kind: "level" },
  { name: "trigger_conditioned", text: "Trigger conditioned", kind: "moment" },
  { name: "trigger_accepted", text: "Trigger accepted", kind: "moment" },
  { name: "trigger_missed", text: "Trigger missed", kind: "moment", bad: true },
  { name: "exposure", text: "Exposure", kind: "span" },
  { name: "readout", text: "Readout", kind: "span" },
  { name: "strobe_out", text: "STROBE_OUT", kind: "level" },
  { name: "transfer", text: "Transfer", kind: "span" },
  { name: "frame_dropped", text: "Frame dropped", kind: "moment", bad: true },
  { name: "zoom", text: "Zoom motor", kind: "span" },
  { name: "focus", text: "Focus motor", kind: "span" },
  { name: "iris", text: "Iris motor", kind: "span" },
];

export const entries = signal([]);
let next = 0;

function take(list) {
  const fresh = list.filter((one) => one.number >= next);
  if (fresh.length === 0) return;
  next = fresh.at(-1).number + 1;
  entries.value = [...entries.value, ...fresh].slice(-kKept);
}

async function load() {
  try {
    for (;;) {
      const answer = await get(`/signals?since=${next}&limit=5000`);
      if (answer.next < next) { // the camera was reset
        entries.value = [];
        next = 0;
        continue;
      }
      take(answer.signals);
      if (answer.signals.length < 5000) return;
    }
  } catch {
    // Whether the server is there is shown once for the whole page.
  }
}

/** Follows the signals as long as the component is there. */
export function useTrace() {
  useEffect(() => {
    load();
    let waiting = [];
    const ends = [
      listen("signals", (entry) => {
        if (entry.number < next - 1) {
          entries.value = [];
          next = 0;
        }
        if (waiting.push(entry) === 1)
          requestAnimationFrame(() => {
            take(waiting);
            waiting = [];
          });
      }),
      onLost(load),
    ];
    return () => ends.forEach((end) => end());
  }, []);
}

const kSpans = {
  exposure_start: ["exposure", true], exposure_end: ["exposure", false], readout_end: ["readout", false],
  transfer_begin: ["transfer", true], transfer_end: ["transfer", false],
};

/** {track: [{from, to, entry}] or [{at, high, entry}]}; `to` is null for what goes on. */
export function tracksOf(list) {
  const tracks = Object.fromEntries(kTracks.map((one) => [one.name, []]));
  const open = new Map();
  const begin = (track, key, entry) => {
    const span = { from: entry.time_ns, to: null, entry };
    open.set(`${track}:${key}`, span);
    tracks[track].push(span);
  };
  const end = (track, key, entry) => {
    const span = open.get(`${track}:${key}`);
    if (span) span.to = entry.time_ns;
    open.delete(`${track}:${key}`);
  };
  for (const entry of list) {
    const { signal: name, time_ns: at } = entry;
    if (name === "lens_move_begin") {
      if (tracks[entry.part]) begin(entry.part, 0, entry);
    } else if (name === "lens_move_end") {
      end(entry.part, 0, entry);
    } else if (kSpans[name]) {
      const [track, begins] = kSpans[name];
      if (name === "exposure_end") begin("readout", entry.frame, entry);
      begins ? begin(track, entry.frame, entry) : end(track, entry.frame, entry);
    } else if (tracks[name]) {
      tracks[name].push({ at, high: entry.high, entry });
    }
  }
  return tracks;
}

/** Why a trigger was missed: what was under way when it came. */
export function reasonOf(missed, tracks) {
  const under = (track) => tracks[track].filter((one) => one.from <= missed.at && (one.to === null || one.to > missed.at)).at(-1);
  const exposure = under("exposure"), readout = under("readout"), transfer = under("transfer");
  const ms = (ns) => `${(ns / 1e6).toFixed(2)} ms`;
  if (exposure) return `the exposure of frame ${exposure.entry.frame} was under way${exposure.to ? `, for another ${ms(exposure.to - missed.at)}` : ""}`;
  if (readout) return `the readout of frame ${readout.entry.frame} was under way${readout.to ? `, for another ${ms(readout.to - missed.at)}` : ""}`;
  if (transfer) return `frames were waiting to be sent behind frame ${transfer.entry.frame}`;
  return "the sensor could not begin an exposure, or as many frames waited to be sent as may";
}
