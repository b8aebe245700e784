// Faults: all kinds, what each does, those that are set, and one button that clears them.
import { html, useEffect, useSignal } from "/page/view.js";
import { address, go } from "/page/address.js";
import { get, post, readOnly, remove } from "/page/api.js";
import { attempt, tell } from "/page/alerts.js";
import { usePoll } from "/page/poll.js";
import { Field } from "/page/schema_form.js";
import { count, words } from "/page/units.js";

const kSubjects = { stream: "Packets of the stream", frames: "Frames", control: "Control channel", link: "Link", device: "Device" };

/** Keys that most faults have: when they are in force, and what they take. */
const kWhen = ["after_us", "for_us", "every_us", "times"];
const kWhich = ["seed", "count", "every", "skip", "burst", "resent", "blocks", "packets", "command", "register"];
const kHelp = {
  after_us: "from now until it begins", for_us: "so long it is in force; without: until it is cleared", every_us: "from one beginning to the next",
  times: "so often in all", seed: "of its random numbers; 1 without", count: "so many at most", every: "every n-th", skip: "so many are left out first",
  burst: "so many in a row", resent: "packets that are sent again, too", blocks: "ids, as 3, 5", packets: "ids, as 17, 18", command: "as WRITEREG_CMD",
  register: "a feature, or an address as 0x0A00",
};

function Order({ kind }) {
  const values = useSignal({});
  const { properties, required } = kind.schema;
  useEffect(() => (values.value = properties.rate ? { rate: 0.05 } : {}), [kind.fault]);
  const set = (key, value) => (values.value = { ...values.value, [key]: value });
  const send = (event) => {
    event.preventDefault();
    attempt(async () => {
      await post("/faults", { fault: kind.fault, ...Object.fromEntries(Object.entries(values.value).filter(([, value]) => value !== "")) });
      tell(`${words(kind.fault)} is set.`, { kind: "good" });
    });
  };
  const field = (key) => html`<${Field} key=${key} id="fault-${key}" name=${key} schema=${properties[key]} value=${values.value[key] ?? ""}
    required=${required.includes(key)} help=${kHelp[key]} onChange=${(value) => set(key, value)} />`;
  const common = [...kWhen, ...kWhich].filter((key) => properties[key] && !required.includes(key));
  const own = Object.keys(properties).filter((key) => key !== "fault" && key !== "rate" && !common.includes(key));
  return html`<form onSubmit=${send} aria-label="Fault ${kind.fault}"><fieldset><legend>${words(kind.fault)}</legend>
    <p>What happens: ${kind.summary}.</p><p class="quiet">A correct client: ${kind.client}</p>
    ${kind.keys && html`<p class="quiet">${kind.keys.replaceAll("`", "")}</p>`}
    ${properties.rate && html`<label class="rate">Share that it takes: <strong>${Math.round((values.value.rate ?? 1) * 1000) / 10} %</strong>
      <input type="range" min="0" max="1" step="0.005" value=${values.value.rate ?? 1} onInput=${(event) => set("rate", Number(event.target.value))} /></label>`}
    ${own.length > 0 && html`<div class="fields">${own.map(field)}</div>`}
    <details><summary>When, how often, and which</summary><div class="fields">${common.map(field)}</div></details>
    <div class="actions"><button class="main" type="submit" disabled=${readOnly.value}>Set the fault</button></div></fieldset></form>`;
}

function InForce({ list }) {
  if (!list) return null;
  if (list.length === 0) return html`<p class="quiet">No fault is set.</p>`;
  return html`<table><caption>Faults that are set</caption><thead><tr><th scope="col">Fault</th><th scope="col">State</th><th scope="col">Touched</th><th scope="col">Keys</th><th scope="col"></th></tr></thead>
    <tbody>${list.map((one) => html`<tr key=${one.id} class="fault-${one.state}"><td>${words(one.fault)}</td><td>${one.state.replace("_", " ")}</td><td>${count(one.hits)}</td>
      <td>${Object.entries(one.content).filter(([key]) => key !== "fault").map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(", ")}</td>
      <td><button disabled=${readOnly.value} aria-label="Clear ${one.fault}" onClick=${() => attempt(() => remove(`/faults/${one.id}`))}>Clear</button></td></tr>`)}</tbody></table>`;
}

export function Faults() {
  const kinds = useSignal([]);
  useEffect(() => {
    get("//faults").then((answer) => (kinds.value = answer.kinds), () => {});
  }, []);
  const list = usePoll("/faults", 500).value?.faults;
  const kind = kinds.value.find((one) => one.fault === (address.value.fault ?? "packet_loss"));
  return html`<h2>Faults</h2>
    <div class="actions"><button class="danger" disabled=${readOnly.value || !list?.length} onClick=${() => attempt(() => remove("/faults"))}>Clear all faults</button>
      <button disabled=${readOnly.value} onClick=${() => attempt(() => post("/faults", { fault: "cable_out" }))}>Pull the cable</button></div>
    <${InForce} list=${list} />
    <label class="choice">Kind <select value=${kind?.fault} onChange=${(event) => go({ fault: event.target.value })}>
      ${Object.entries(kSubjects).map(([subject, title]) => html`<optgroup label=${title}>
        ${kinds.value.filter((one) => one.subject === subject).map((one) => html`<option value=${one.fault}>${words(one.fault)}</option>`)}</optgroup>`)}</select></label>
    ${kind && html`<${Order} kind=${kind} />`}`;
}
