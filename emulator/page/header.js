// Who the camera is, who controls it, and how its stream and its clock are.
import { html, useEffect, useSignal } from "/page/view.js";
import { go } from "/page/address.js";
import { get, serial } from "/page/api.js";
import { count } from "/page/units.js";
import { usePoll } from "/page/poll.js";
import { ThemeButton } from "/page/theme.js";

function Cameras() {
  const cameras = useSignal([]);
  useEffect(() => {
    get("//cameras").then((answer) => (cameras.value = answer.cameras), () => {});
  }, []);
  if (cameras.value.length < 2) return null;
  return html`<label>Camera
    <select aria-label="Camera" value=${serial.value || cameras.value[0].serial} onChange=${(event) => go({ camera: event.target.value })}>
      ${cameras.value.map((one) => html`<option value=${one.serial}>${one.user_name || one.serial}</option>`)}
    </select></label>`;
}

function Fact({ name, value, state = "" }) {
  return html`<div class="fact ${state}"><dt>${name}</dt><dd>${value}</dd></div>`;
}

const streamText = (stream) =>
  !stream.to ? "closed" : !stream.active ? "open, idle" : stream.sending ? "sending" : "waits for a trigger";

export function Header() {
  const camera = usePoll("", 1000).value;
  const leds = usePoll("/leds", 500).value;
  const clock = usePoll("//clock", 1000).value;
  const status = leds?.status;
  return html`<header>
    <h1><span class="led ${status?.lit ? status.colour : "off"}" role="img"
        aria-label="Status LED: ${status ? `${status.colour}${status.blinking ? ", blinking" : ""}` : "unknown"}"></span>
      ${camera ? camera.model : "gigemu"}</h1>
    ${camera && html`<dl class="facts">
      <${Fact} name="Serial" value=${camera.user_name ? `${camera.serial} “${camera.user_name}”` : camera.serial} />
      <${Fact} name="Address" value=${camera.address} />
      <${Fact} name="Control" value=${camera.controller ?? "nobody"} state=${camera.controller ? "busy" : ""} />
      <${Fact} name="Stream" value=${streamText(camera.stream)} state=${camera.stream.sending ? "good" : ""} />
      <${Fact} name="Frames" value="${count(camera.counts.frames_exposed)} exposed, ${count(camera.counts.frames_dropped)} dropped" />
      <${Fact} name="Clock" value=${clock ? `${(clock.time_ns / 1e9).toFixed(1)} s${clock.rate === 1 ? "" : clock.rate === 0 ? ", paused" : clock.rate ? `, × ${clock.rate}` : `, ${clock.mode}`}` : "–"}
        state=${clock && clock.rate !== 1 ? "busy" : ""} />
    </dl>`}
    <div class="tools"><${Cameras} /><${ThemeButton} /></div>
  </header>`;
}
