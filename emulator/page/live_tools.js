// The tools of the live view: what a click does, what is laid over the picture, and what is done with it.
import { html } from "/page/view.js";
import { address, go } from "/page/address.js";
import { download, get, readOnly, save } from "/page/api.js";
import { attempt } from "/page/alerts.js";
import { paused, picture } from "/page/picture_feed.js";
import { zoomAbout } from "/page/viewport.js";
import { kRegions } from "/page/picture_drag.js";
import { write } from "/page/features.js";

export const tool = () => address.value.tool ?? "pan";

const kTools = [
  { name: "pan", text: "Move", help: "Drag moves the picture, the wheel zooms" },
  { name: "focus", text: "Focus", help: "A click focuses there", writes: true },
  { name: "profile", text: "Profile", help: "Drag draws a line, whose brightness is plotted" },
  ...Object.entries(kRegions).map(([name, one]) => ({ name, text: one.text, help: `Drag draws ${one.help}`, writes: true })),
];

const kLayers = [
  ["boxes", "Boxes and codes"], ["masks", "Masks"], ["depth", "Depth"], ["regions", "Regions"], ["cross", "Crosshair"],
  ["neutral", "Neutral colours (display alone)"], ["clipped", "Clipped areas"], ["peaking", "Focus peaking"], ["histogram", "Histogram and waveform"],
];

export const layers = () => new Set((address.value.show ?? "").split(",").filter(Boolean));

function toggle(name) {
  if (name === "histogram") return go({ histogram: address.value.histogram ? "" : "1" });
  if (name === "neutral") return go({ asis: address.value.asis ? "" : "1" });
  const now = layers();
  if (!now.delete(name)) now.add(name);
  go({ show: [...now].join(",") });
}

const isOn = (name) =>
  name === "histogram" ? !!address.value.histogram : name === "neutral" ? !address.value.asis : layers().has(name);

async function saveWithTruth() {
  const { about } = picture.value;
  const name = about.source === "stream" ? `block_${about.block_id}` : `preview_${about.time_ns}`;
  const moment = about.source === "stream" ? `block_id=${about.block_id}` : `time_ns=${about.time_ns}`;
  await download(`/preview?format=png&width=2048&picture=${about.picture}`, `${name}.png`);
  const truth = await get(`/truth?${moment}`);
  save(new Blob([JSON.stringify({ ...truth, file: `${name}.png`, picture: about }, null, 1)], { type: "application/json" }), `${name}.json`);
}

function choose(one) {
  go({ tool: one.name === "pan" ? "" : one.name, profile: one.name === "profile" ? (address.value.profile ?? "1") : "" });
  if (one.name.endsWith("_region") && !layers().has("regions")) toggle("regions");
}

export function LiveTools({ view }) {
  const middle = [view.canvas.width / 2, view.canvas.height / 2];
  return html`<div class="livetools" role="toolbar" aria-label="Picture">
    <div class="group" role="group" aria-label="Zoom">
      <button aria-label="Zoom out" title="Zoom out (−)" onClick=${() => zoomAbout(view, 1 / 1.5, ...middle)}>−</button>
      <output aria-label="Zoom">${Math.round(view.scale * 100)} %</output>
      <button aria-label="Zoom in" title="Zoom in (+)" onClick=${() => zoomAbout(view, 1.5, ...middle)}>+</button>
      <button title="The whole image (0)" onClick=${() => go({ zoom: "", x: "", y: "" })}>Fit</button>
      <button title="One pixel of the image for one of the screen (1)" onClick=${() => zoomAbout(view, 1 / view.scale, ...middle)}>1:1</button>
    </div>
    <label class="choice">Tool
      <select aria-label="Tool" value=${tool()} onChange=${(event) => choose(kTools.find((one) => one.name === event.target.value))}>
        ${kTools.map((one) => html`<option value=${one.name} disabled=${one.writes && readOnly.value}>${one.text}</option>`)}
      </select></label>
    <button aria-pressed=${paused()} title="Pause the picture (space)" disabled=${!picture.value}
      onClick=${() => go({ pause: paused() ? "" : "1" })}>${paused() ? "Go on" : "Pause"}</button>
    <details class="menu">
      <summary>Show</summary>
      <div class="list">${kLayers.map(
        ([name, text]) => html`<label key=${name}><input type="checkbox" checked=${isOn(name)} onChange=${() => toggle(name)} /> ${text}</label>`,
      )}</div>
    </details>
    <button disabled=${readOnly.value} title="TriggerSoftware: one exposure, if the camera waits for a trigger" onClick=${() => write("TriggerSoftware")}>Trigger</button>
    <button disabled=${!picture.value} title="The image as PNG, and its ground truth as JSON" onClick=${() => attempt(saveWithTruth)}>Save PNG and truth</button>
    <span class="help">${kTools.find((one) => one.name === tool())?.help}</span>
  </div>`;
}
