// Pictures for the live view: asked for one after the other, five a second at most, and not again while nothing changes.
import { signal } from "/page/view.js";
import { Gone, fetchFrom } from "/page/api.js";
import { address } from "/page/address.js";

const kPeriod_ms = 200;
const kStill_ms = 400; // between two questions whether a still scene has changed

/** {bitmap, about}: what is seen, and what it is of. */
export const picture = signal(null);
export const pictureError = signal("");
export const paused = () => address.value.pause === "1";
/** Whether own exposures are asked for in neutral colours; clipped areas are those of the picture as it is. */
export const neutral = () => !address.value.asis && !(address.value.show ?? "").split(",").includes("clipped");

let running = false;
let nudge = () => {};

function wait(ms) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    nudge = () => {
      clearTimeout(timer);
      done();
    };
  });
}

/** Ask now, for another part of the image perhaps. */
export const askNow = () => nudge();

async function one(wanted, seen) {
  const { region, width } = wanted();
  const balanced = neutral();
  const same = balanced === seen.balanced && seen.width === width && JSON.stringify(region) === JSON.stringify(seen.region);
  const query = new URLSearchParams({ width });
  if (balanced) query.set("neutral", "true");
  if (region) for (const [key, value] of Object.entries(region)) query.set(key, value);
  if (paused() && picture.value) query.set("picture", picture.value.about.picture);
  const headers = same && seen.tag ? { "If-None-Match": seen.tag } : {};
  const response = await fetchFrom(`/preview?${query}`, { headers, priority: "high" });
  if (response.status === 304) return { ...seen, changed: false };
  const about = JSON.parse(response.headers.get("Gigemu-Picture"));
  const bitmap = await createImageBitmap(await response.blob());
  picture.value?.bitmap.close();
  picture.value = { bitmap, about };
  return { region, width, balanced, tag: response.headers.get("ETag"), changed: true };
}

/** `wanted()` says {region, width}; region is null for all. Returns a function that ends it. */
export function follow(wanted) {
  if (running) return () => {};
  running = true;
  let seen = {};
  (async () => {
    while (running) {
      const began = performance.now();
      let pause = kPeriod_ms;
      if (document.visibilityState === "visible") {
        try {
          const held = paused() && picture.value && seen.region === wanted().region;
          if (!held) seen = await one(wanted, seen);
          pictureError.value = "";
          if (seen.changed && picture.value.about.draft) pause = 0;
          else if (!seen.changed) pause = kStill_ms;
        } catch (error) {
          pictureError.value = error instanceof Gone ? "" : error.message;
          seen = {};
          pause = 1000;
        }
      }
      const took = performance.now() - began;
      // A picture that is exposed for the page costs the host: half of the time is left to others.
      const own = picture.value?.about.source === "preview" && seen.changed;
      await wait(Math.max(pause === 0 ? 0 : own ? took : 0, pause - took));
    }
  })();
  return () => {
    running = false;
    nudge();
  };
}
