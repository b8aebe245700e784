// The world before the camera: its scene, what stands there, its light, and its clock.
import { html, signal, useEffect, useSignal } from "/page/view.js";
import { get, patch, post, readOnly, remove } from "/page/api.js";
import { attempt } from "/page/alerts.js";
import { ClockControl } from "/page/clock_control.js";
import { SceneCards } from "/page/scene_cards.js";
import { alternatives, SchemaForm } from "/page/schema_form.js";
import { lampsOf } from "/page/lamps.js";
import { usePoll } from "/page/poll.js";
import { words } from "/page/units.js";

const schema = signal(null);

const kNew = {
  qr: { kind: "qr", text: "PALLET 0815" }, data_matrix: { kind: "data_matrix", text: "GIGEMU" }, text: { kind: "text", text: "HELLO" },
  uniform: { kind: "uniform" }, colour_chart: { kind: "colour_chart" }, siemens_star: { kind: "siemens_star" }, checkerboard: { kind: "checkerboard" },
  dot_grid: { kind: "dot_grid" }, slanted_edge: { kind: "slanted_edge" }, grey_steps: { kind: "grey_steps" },
};

const nameOf = (item, index) => item.name ?? item.kind ?? String(index);

function Item({ item, index }) {
  const form = alternatives(schema.value?.properties.items.items).find((one) => one.properties.kind?.enum?.includes(item.kind));
  const path = `//world/items/${encodeURIComponent(nameOf(item, index))}`;
  return html`<details class="category"><summary>${words(nameOf(item, index))} <span class="quiet">${words(item.kind)}</span></summary>
    <${SchemaForm} id="item-${index}" value=${item} schema=${form} onChange=${(key, value) => attempt(() => patch(path, { patch: { [key]: value } }))} />
    <div class="actions"><button class="danger" disabled=${readOnly.value} onClick=${() => attempt(() => remove(path))}>Remove</button></div></details>`;
}

function Light({ light, index, single }) {
  const kinds = alternatives(schema.value?.properties.light).flatMap((one) => (one.type === "array" ? alternatives(one.items) : [one]));
  const form = kinds.find((one) => one.properties?.spectrum?.enum?.includes(light.spectrum)) ?? kinds.find((one) => one.properties && !one.required);
  const change = (key, value) => ({ patch: { light: single ? { [key]: value } : { [index]: { [key]: value } } } });
  return html`<fieldset><legend>Lamp${single ? "" : ` ${index}`}</legend>
    <${SchemaForm} id="light-${index}" value=${light} schema=${form} onChange=${(key, value) => attempt(() => patch("//world", change(key, value)))} /></fieldset>`;
}

function Part({ name, content }) {
  if (!content) return null;
  return html`<fieldset><legend>${words(name)}</legend><${SchemaForm} id=${name} value=${content} schema=${schema.value?.properties[name]}
    onChange=${(key, value) => attempt(() => patch("//world", { patch: { [name]: { [key]: value } } }))} /></fieldset>`;
}

function World() {
  const kind = useSignal("qr");
  useEffect(() => {
    if (!schema.value) get("//schemas/scene").then((answer) => (schema.value = answer), () => {});
  }, []);
  const world = usePoll("//world", 600).value;
  if (!world) return html`<p class="quiet">The world is being read.</p>`;
  const { content } = world, items = content.items ?? [];
  const lights = lampsOf(content);
  return html`<h2>Scenes</h2><p>${world.title}</p>
    <${SceneCards} chosen=${world.name} />
    <h2>Things</h2>
    ${items.map((item, index) => html`<${Item} key=${nameOf(item, index)} item=${item} index=${index} />`)}
    <div class="actions"><label>New <select value=${kind.value} onChange=${(event) => (kind.value = event.target.value)}>
      ${Object.keys(kNew).map((one) => html`<option value=${one}>${words(one)}</option>`)}</select></label>
      <button disabled=${readOnly.value} onClick=${() => attempt(() => post("//world/items", { item: { ...kNew[kind.value], name: `${kind.value} ${items.length + 1}`, position_m: [0, 0, 1] } }))}>Add, 1 m before the camera</button></div>
    <h2>Light and background</h2>
    ${lights.map((light, index) => html`<${Light} key=${index} light=${light} index=${index} single=${!Array.isArray(content.light)} />`)}
    <${Part} name="background" content=${content.background} /><${Part} name="conveyor" content=${content.conveyor} />`;
}

/** Side by side, as each of them renders at its own pace. */
export const WorldPanel = () => html`<${World} /><h2>Time</h2><${ClockControl} />`;
