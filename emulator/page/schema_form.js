// Forms out of a JSON Schema: a field for each key, as its schema describes it.
import { html, useSignal } from "/page/view.js";
import { readOnly } from "/page/api.js";
import { number, words } from "/page/units.js";

const kUnits = [["_m_s", "m/s"], ["_deg_s", "°/s"], ["_m", "m"], ["_deg", "°"], ["_lx", "lx"], ["_hz", "Hz"], ["_us", "us"], ["_ms", "ms"], ["_s", "s"],
  ["_k", "K"], ["_nm", "nm"], ["_w_m2", "W/m²"], ["_cd_m2", "cd/m²"], ["_db", "dB"], ["_rad", "rad"]];

/** "position_m" → ["Position", "m"]. */
export function titleOf(key) {
  const [ending, unit] = kUnits.find(([one]) => key.endsWith(one)) ?? ["", ""];
  return [words(ending ? key.slice(0, -ending.length) : key), unit];
}

/** The alternatives of a schema, flat. */
export const alternatives = (schema) => (schema?.anyOf ? schema.anyOf.flatMap(alternatives) : schema ? [schema] : []);

const listOf = (text) => text.split(/[ ,;]+/).filter(Boolean).map(Number);

/** A text as the value that the schema means. */
function meant(text, schema) {
  const types = alternatives(schema);
  if (types.some((one) => one.type === "array" && /number|integer/.test(one.items?.type))) return listOf(text);
  if (types.some((one) => /number|integer/.test(one.type)) && text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
  if (types.some((one) => one.type === "object" || one.type === "array")) {
    try {
      return JSON.parse(text);
    } catch {
      return text; // the server says what it expects
    }
  }
  return text;
}

const shown = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === "number") ? value.join(", ") : typeof value === "object" ? JSON.stringify(value) : value;

function hint(schema) {
  const one = alternatives(schema).find((type) => type.minimum !== undefined || type.items?.minimum !== undefined);
  const range = one?.items ?? one;
  return range?.minimum === undefined ? "" : `${number(range.minimum)} to ${number(range.maximum)}`;
}

/** A key with its value; "" is none. */
export function Field({ id, name, value, schema, onChange, required, help = hint(schema) }) {
  const [title, unit] = titleOf(name);
  const types = alternatives(schema), entries = types.flatMap((one) => one.enum ?? []);
  const only = entries.length > 0 && types.every((one) => one.enum);
  let control;
  const onText = (event) => onChange(event.target.value === "" ? "" : meant(event.target.value, schema));
  if (types.some((one) => one.type === "boolean") && value === "")
    control = html`<select id=${id} value="" title=${help} disabled=${readOnly.value} onChange=${(event) => onChange(event.target.value === "yes")}>
      <option value="">–</option><option value="yes">yes</option><option value="no">no</option></select>`;
  else if (types.some((one) => one.type === "boolean"))
    control = html`<input id=${id} type="checkbox" title=${help} checked=${value} disabled=${readOnly.value} onChange=${(event) => onChange(event.target.checked)} />`;
  else if (only)
    control = html`<select id=${id} value=${value} title=${help} disabled=${readOnly.value || entries.length < 2} onChange=${(event) => onChange(event.target.value)}>
      ${value === "" && html`<option value="">–</option>`}${entries.map((one) => html`<option value=${one}>${one}</option>`)}</select>`;
  else
    control = html`<input id=${id} type="text" value=${shown(value)} title=${help} required=${required} disabled=${readOnly.value} list=${entries.length ? `${id}-list` : undefined}
      onChange=${onText} />
      ${entries.length > 0 && html`<datalist id="${id}-list">${entries.map((one) => html`<option value=${one}></option>`)}</datalist>`}`;
  const beside = [value === "" && hint(schema), unit].filter(Boolean).join(" ");
  return html`<label for=${id}>${title}<span>${control} <span class="unit">${beside}</span></span></label>`;
}

/** `onChange(key, value)` for each change. */
export function SchemaForm({ id, value, schema, onChange }) {
  const adding = useSignal(null);
  if (!schema?.properties) return null;
  const keys = Object.keys(value), missing = Object.keys(schema.properties).filter((key) => !keys.includes(key));
  const fields = adding.value && missing.includes(adding.value) ? [...keys, adding.value] : keys;
  return html`<div class="fields">
    ${fields.filter((key) => schema.properties[key]).map((key) => html`<${Field} key=${key} id="${id}-${key}" name=${key} value=${value[key] ?? ""} schema=${schema.properties[key]} onChange=${(next) => onChange(key, next)} />`)}
    ${missing.length > 0 && html`<label>More<select value="" disabled=${readOnly.value} onChange=${(event) => (adding.value = event.target.value)}>
      <option value="">add a key…</option>${missing.map((key) => html`<option value=${key}>${titleOf(key)[0]}</option>`)}</select></label>`}
  </div>`;
}
