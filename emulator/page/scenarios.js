// Scenarios: choose or write one, run it, watch its steps, and see its verdict.
import { html, useEffect, useSignal } from "/page/view.js";
import { get, post, readOnly, remove } from "/page/api.js";
import { attempt } from "/page/alerts.js";
import { usePoll } from "/page/poll.js";
import { number, words } from "/page/units.js";

const kExamples = {
  "Triggers that come too fast": {
    what: "Ten triggers, 20 ms apart, at an exposure of 30 ms: some are missed.",
    steps: [
      { do: [{ put: "/camera/features/ExposureAuto", body: { value: "Off" } }, { put: "/camera/features/ExposureTime", body: { value: 30000 } },
        { put: "/camera/features/TriggerMode", body: { value: "On" } }, { put: "/camera/features/AcquisitionStart", body: {} }] },
      { name: "train", do: { post: "/camera/lines/trigger_in/train", body: { period_us: 20000, width_us: 100, count: 10 } } },
      { expect: { signals: { signal: "trigger_missed" }, since: "train", at_least: 3, within_s: 2 } },
      { do: [{ put: "/camera/features/AcquisitionStop", body: {} }, { put: "/camera/features/TriggerMode", body: { value: "Off" } }] },
    ],
  },
  "The lens zooms": {
    what: "The zoom motor goes to both ends and arrives.",
    steps: [
      { name: "wide", do: { put: "/camera/features/Zoom", body: { value: 0 } } },
      { expect: { signals: { signal: "lens_move_end", part: "zoom" }, since: "wide", within_s: 10 } },
      { name: "tele", do: { put: "/camera/features/Zoom", body: { value: 1000 } } },
      { expect: { signals: { signal: "lens_move_end", part: "zoom" }, since: "tele", within_s: 10 } },
    ],
  },
  "The cable is pulled for 2 s": {
    what: "The cable is pulled for 2 s; a client that streams notices, and comes back.",
    steps: [{ do: { post: "/camera/faults", body: { fault: "cable_out", for_us: 2000000 } } }, { after_s: 3 }],
  },
};

const written = (scenario) => JSON.stringify(scenario, null, 1);

function Result({ run }) {
  if (!run?.scenario && !run?.steps.length && !run?.running) return html`<p class="quiet">No scenario has run yet.</p>`;
  return html`<h3>${run.running ? "Running" : `Verdict: ${run.verdict}`}</h3>
    <p role="status">${run.what || run.scenario} ${number(run.took_s)} s, ${run.steps.length} of ${run.steps_wanted} steps.${run.out_of_time ? " Out of time." : ""}</p>
    <table><thead><tr><th scope="col">Step</th><th scope="col">What</th><th scope="col">At</th><th scope="col">Verdict</th></tr></thead>
    <tbody>${run.steps.map((one, i) => html`<tr key=${i} class=${one.verdict === "failed" ? "fault-in_force" : ""}><td>${one.step}</td><td>${one.what}${one.why ? html`<br /><span class="quiet">${one.why}</span>` : ""}</td><td>${number(one.at_s)} s</td><td>${one.verdict}</td></tr>`)}</tbody></table>`;
}

export function Scenarios() {
  const text = useSignal(written(Object.values(kExamples)[0])), chosen = useSignal(Object.keys(kExamples)[0]), examined = useSignal([]);
  const run = usePoll("/scenario", 400).value;
  const start = () => attempt(async () => {
    let body;
    try {
      body = JSON.parse(text.value);
    } catch (error) {
      throw new Error(`This is not JSON: ${error.message}`);
    }
    await post("/scenario", body);
  });
  useEffect(() => {
    get("//scenarios").then((answer) => (examined.value = answer.scenarios), () => {});
  }, []);
  const choose = (name) => attempt(async () => {
    chosen.value = name;
    const { camera, ...scenario } = kExamples[name] ?? (await get(`//scenarios/${encodeURIComponent(name)}`));
    if (chosen.value === name) text.value = written(scenario); // a camera that runs keeps its profile
  });
  const about = examined.value.find((one) => one.name === chosen.value);
  return html`<h2>Scenarios</h2>
    <div class="filters"><label>Scenario <select aria-label="Scenario" value=${chosen.value} onChange=${(event) => choose(event.target.value)}>
      <optgroup label="Examples">${Object.keys(kExamples).map((one) => html`<option value=${one}>${one}</option>`)}</optgroup>
      <optgroup label="Examination of a client">${examined.value.filter((one) => !one.needs_client).map((one) => html`<option value=${one.name}>${words(one.name)}</option>`)}</optgroup>
      <optgroup label="… that asks what its program made of frames">${examined.value.filter((one) => one.needs_client).map((one) => html`<option value=${one.name}>${words(one.name)}</option>`)}</optgroup>
      </select></label>
      <label>File <input type="file" accept=".json" onChange=${async (event) => { chosen.value = ""; text.value = await event.target.files[0].text(); }} /></label></div>
    ${about && html`<p>${about.what} <span class="quiet">${about.clause}</span></p><p class="quiet">${about.needs_client
      ? html`It asks what the client's program reports of its frames, so a shell starts both: <code>gigemu test configs/examination/${about.name}.json -- COMMAND</code>`
      : "Run it, and start the client that is examined."}</p>`}
    <label for="scenario-text">Scenario (JSON, as docs/scenarios.md describes it)</label>
    <textarea id="scenario-text" class="code" rows="14" value=${text.value} onInput=${(event) => (text.value = event.target.value)}></textarea>
    <div class="actions"><button class="main" disabled=${readOnly.value || run?.running || about?.needs_client} onClick=${start}>Run</button>
      <button disabled=${readOnly.value || !run?.running} onClick=${() => attempt(() => remove("/scenario"))}>End it</button></div>
    <${Result} run=${run} />`;
}
