// Faults: all kinds, what each does, those that are set, and one button that clears them.
import { html, useEffect, useSignal } from "/page/view.js";
import { address, go } from "/page/address.js";
import { get, post, readOnly, remove } from "/page/api.js";
import { attempt, tell } from "/page/alerts.js";
import { usePoll } from "/page/poll.js";
import { count, words } from "/page/units.js";

const kSubjects = { stream: "Packets of the stream", frames: "Frames", control: "Control channel", link: "Link", device: "Device" };
const kOften = ["stream", "frames", "control"]; // faults of these take a share of what they could touch

/** Keys of a kind's own, out of their description: `name` (range). */
function ownKeys(kind) {
  const keys = [];
  for (const [, names, range] of kind.keys.matchAll(/((?:`[a-z_]+`(?:, | and )?)+)\s*(?:\(([^)]*)\))?/g))
    for (const [, name] of names.matchAll(/`([a-z_]+)`/g))
      if (!keys.some((one) => one.name === name)) keys.push({ name, range: range ?? "", required: (range ?? "").includes("required") });
  return keys;
}

/** "5" is a number, "true" a truth value, "3, 5" a list where one is meant. */
function meant(name, text) {
  if (name === "blocks" || name === "packets") return text.split(/[ ,]+/).filter(Boolean).map(Number);
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function Field({ name, range, required, value, set }) {
  return html`<label>${words(name)}<input type="text" inputmode="decimal" value=${value ?? ""} required=${required} aria-description=${range}
    placeholder=${range} title=${range} onInput=${(event) => set(event.target.value)} /></label>`;
}

function Order({ kind }) {
  const values = useSignal({});
  useEffect(() => (values.value = kOften.includes(kind.subject) ? { rate: "0.05" } : {}), [kind.fault]);
  const set = (name) => (text) => (values.value = { ...values.value, [name]: text });
  const share = kOften.includes(kind.subject);
  const send = (event) => {
    event.preventDefault();
    attempt(async () => {
      const body = { fault: kind.fault };
      for (const [name, text] of Object.entries(values.value)) if (text !== "") body[name] = meant(name, String(text));
      await post("/faults", body);
      tell(`${words(kind.fault)} is set.`, { kind: "good" });
    });
  };
  const field = (name, range) => html`<${Field} key=${name} name=${name} range=${range} value=${values.value[name]} set=${set(name)} />`;
  return html`<form onSubmit=${send} aria-label="Fault ${kind.fault}"><fieldset><legend>${words(kind.fault)}</legend>
    <p>What happens: ${kind.summary}.</p><p class="quiet">A correct client: ${kind.client}</p>
    ${kind.keys && html`<p class="quiet">${kind.keys.replaceAll("`", "")}</p>`}
    ${share && html`<label class="rate">Share that it takes: <strong>${Math.round((values.value.rate ?? 1) * 1000) / 10} %</strong>
      <input type="range" min="0" max="1" step="0.005" value=${values.value.rate ?? 1} onInput=${(event) => set("rate")(event.target.value)} /></label>`}
    <div class="fields">
      ${ownKeys(kind).map((one) => html`<${Field} key=${one.name} ...${one} value=${values.value[one.name]} set=${set(one.name)} />`)}
      ${share && field("seed", "of its random numbers; 1 without")}${share && field("count", "so many at most")}
    </div>
    <details><summary>When, how often, and which</summary><div class="fields">
      ${field("after_us", "from now, us")}${field("for_us", "in force for, us")}${field("every_us", "begins again after, us")}${field("times", "so often in all")}
      ${share && html`${field("every", "every n-th")}${field("skip", "so many are left out first")}${field("burst", "so many in a row")}`}
      ${kind.subject !== "control" && share && field("blocks", "ids, as 3, 5")}${kind.subject === "stream" && field("packets", "ids, as 17, 18")}
      ${kind.subject === "control" && html`${field("command", "as WRITEREG_CMD")}`}
    </div></details>
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
