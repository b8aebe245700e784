// Camera time: pause, step, and run at another speed.
import { html } from "/page/view.js";
import { post, readOnly } from "/page/api.js";
import { attempt } from "/page/alerts.js";
import { usePoll } from "/page/poll.js";
import { clock } from "/page/units.js";

const kRates = [0.001, 0.01, 0.1, 0.5, 1, 2, 10, 100];

export function ClockControl() {
  const now = usePoll("//clock", 300).value;
  const set = (body) => attempt(() => post("//clock", body));
  const stands = now?.rate === 0;
  return html`<fieldset><legend>Clock of the camera</legend>
    <p class="mono" role="status">${now ? `${clock(now.time_ns)}, ${now.mode === "fast" ? "from event to event" : stands ? "paused" : now.mode === "step" ? "stepping" : `× ${now.rate}`}${now.waits ? ", waits for frames to be sent" : ""}` : "–"}
      ${now?.next_event_ns && html` · next event at ${clock(now.next_event_ns)}`}</p>
    <div class="actions">
      <button disabled=${readOnly.value} aria-pressed=${stands} onClick=${() => set({ rate: stands ? 1 : 0 })}>${stands ? "Go on" : "Pause"}</button>
      <button disabled=${readOnly.value} onClick=${() => set({ step_us: 1000 })}>Step 1 ms</button>
      <button disabled=${readOnly.value} onClick=${() => set({ step_us: 100000 })}>Step 100 ms</button>
      <button disabled=${readOnly.value} onClick=${() => set({ step_to: "next_event" })}>To the next event</button>
      <label>Speed <select disabled=${readOnly.value} value=${now?.mode === "fast" ? "fast" : String(now?.rate ?? 1)}
        onChange=${(event) => set({ rate: event.target.value === "fast" ? "fast" : Number(event.target.value) })}>
        ${now && now.rate !== null && !kRates.includes(now.rate) && html`<option value=${String(now.rate)}>${now.rate === 0 ? "paused" : `× ${now.rate}`}</option>`}
        ${kRates.map((one) => html`<option value=${String(one)}>× ${one}</option>`)}<option value="fast">from event to event</option></select></label>
    </div></fieldset>`;
}
