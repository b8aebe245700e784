// The generator for TRIGGER_IN: levels, single pulses, and trains with jitter and bounce.
import { html, useSignal } from "/page/view.js";
import { post, put, readOnly, remove } from "/page/api.js";
import { attempt, tell } from "/page/alerts.js";
import { usePoll } from "/page/poll.js";
import { hertz } from "/page/units.js";
import { write, valueOf, command } from "/page/features.js";

const kFields = [
  { key: "period_us", text: "Period", unit: "us", value: 100000, min: 0.001 },
  { key: "width_us", text: "Width", unit: "us", value: 1000, min: 0.001 },
  { key: "count", text: "Pulses (0: no end)", unit: "", value: 10, min: 0 },
  { key: "jitter_us", text: "Jitter", unit: "us", value: 0, min: 0 },
  { key: "bounce_times", text: "Bounces", unit: "times", value: 0, min: 0 },
  { key: "bounce_us", text: "Bounce time", unit: "us", value: 0, min: 0 },
];

export function Generator() {
  const values = useSignal(Object.fromEntries(kFields.map((one) => [one.key, one.value])));
  const lines = usePoll("/lines", 400).value;
  const set = (key, text) => (values.value = { ...values.value, [key]: Number(text) });
  const start = () =>
    attempt(async () => {
      const { bounce_times: times, bounce_us: us, ...train } = values.value;
      await post("/lines/trigger_in/train", times > 0 ? { ...train, bounce: { times, us } } : train);
      tell(`The train has begun: ${train.count || "endless"} pulses, ${hertz(1e6 / train.period_us)}.`, { kind: "good" });
    });
  const stop = () => attempt(() => remove("/lines/trigger_in/train"));
  const pulse = () => attempt(() => post("/lines/trigger_in/pulse", { width_us: values.value.width_us }));
  const high = !!lines?.trigger_in.high;
  const arm = () =>
    attempt(async () => {
      await write("TriggerMode", "On");
      await command("AcquisitionStart");
    });
  return html`<fieldset class="generator"><legend>Generator for TRIGGER_IN</legend>
    <div class="fields">${kFields.map((one) => html`<label key=${one.key}>${one.text}
      <span><input type="number" min=${one.min} step="any" value=${values.value[one.key]} onInput=${(event) => set(one.key, event.target.value)} /> <span class="unit">${one.unit}</span></span></label>`)}</div>
    <div class="actions">
      <button class="main" disabled=${readOnly.value} onClick=${start}>Start train</button>
      <button disabled=${readOnly.value} onClick=${stop}>Stop</button>
      <button disabled=${readOnly.value} onClick=${pulse}>One pulse</button>
      <button disabled=${readOnly.value} aria-pressed=${high} onClick=${() => attempt(() => put("/lines/trigger_in", { high: !high }))}>Level: ${high ? "high" : "low"}</button>
      ${valueOf("TriggerMode") !== "On" && html`<button disabled=${readOnly.value} onClick=${arm}>Let the camera wait for triggers</button>`}
    </div>
    <p class="quiet" role="status">${lines?.trigger_in.edges_to_come ? "Edges are still to come." : "No edge is scheduled."}${" "}A trigger exposes once TriggerMode is On and an acquisition runs.</p>
  </fieldset>`;
}
