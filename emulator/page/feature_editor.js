// One feature: its value as a control that fits its type, its limits, its unit, and why it cannot be written.
import { html, useEffect, useRef, useSignal } from "/page/view.js";
import { readOnly } from "/page/api.js";
import { feature, foreign, write } from "/page/features.js";
import { number } from "/page/units.js";

const kWide = 400; // a range of more steps is set on a logarithmic scale, if it may be

const shortened = (feature, entry) => entry.replace(new RegExp(`^${feature}_`), "");

/** Why it cannot be written now; empty if it can. */
export function lockOf(one) {
  if (one.access === "RO") return "read-only";
  if (readOnly.value) return "the camera is served read-only";
  if (!one.available) return "not available with the settings in force";
  return one.locked ? one.lock_reason : "";
}

function useDraft(value) {
  const draft = useSignal(null); // what is being typed; null: nothing
  return { draft, shown: draft.value ?? value };
}

function NumberField({ one, id, lock, onWrite }) {
  const { draft, shown } = useDraft(one.value);
  const whole = one.type === "Integer";
  const send = async (text) => {
    if (draft.value === null) return;
    draft.value = null;
    const wanted = Number(text);
    if (text !== "" && Number.isFinite(wanted) && wanted !== one.value) await onWrite(whole ? Math.round(wanted) : wanted);
  };
  return html`<input id=${id} type="number" step=${one.inc && whole ? one.inc : "any"} min=${one.min} max=${one.max} disabled=${!!lock}
    value=${shown} onInput=${(event) => (draft.value = event.target.value)} onBlur=${(event) => send(event.target.value)}
    onKeyDown=${(event) => {
      if (event.key === "Enter") send(event.target.value);
      if (event.key === "Escape") draft.value = null;
    }} />`;
}

/** A slider; while it is moved, values are sent as fast as they are answered. */
export function Slider({ one, lock, onWrite, label }) {
  const moving = useSignal(null);
  const busy = useRef(false), next = useRef(null);
  const log = one.min > 0 && one.max / one.min > kWide;
  const place = (value) => (log ? Math.log(value) : value);
  const inc = one.inc || (one.type === "Integer" ? 1 : 0);
  const legal = (at) => {
    const value = log ? Math.exp(at) : at;
    if (!inc) return Number(value.toPrecision(6));
    return Math.min(one.max, Math.max(one.min, Number((one.min + Math.round((value - one.min) / inc) * inc).toPrecision(12))));
  };
  const send = async (value) => {
    next.current = value;
    if (busy.current) return;
    busy.current = true;
    while (next.current !== null) {
      const now = next.current;
      next.current = null;
      await onWrite(now);
    }
    busy.current = false;
    moving.value = null;
  };
  const value = moving.value ?? one.value;
  return html`<input type="range" aria-label="${label ?? one.name}, slider" min=${place(one.min)} max=${place(one.max)} step=${log ? "any" : inc || "any"}
    value=${place(value)} disabled=${!!lock} aria-valuetext="${number(value, 6)} ${one.unit ?? ""}"
    onInput=${(event) => send((moving.value = legal(Number(event.target.value))))} />`;
}

function TextField({ one, id, lock, onWrite }) {
  const { draft, shown } = useDraft(one.value ?? "");
  return html`<input id=${id} type="text" value=${shown} disabled=${!!lock} onInput=${(event) => (draft.value = event.target.value)}
    onChange=${async (event) => { draft.value = null; await onWrite(event.target.value); }} />`;
}

function Control({ one, id, lock, onWrite }) {
  const numeric = one.type === "Integer" || one.type === "Float";
  if (one.type === "Command") return html`<button id=${id} disabled=${!!lock} onClick=${() => onWrite(undefined)}>Run</button>`;
  if (one.value === null) return html`<span id=${id} class="quiet">comes with events or chunks</span>`;
  if (one.access === "RO") {
    const shown = one.type === "Float" ? number(one.value, 6) : typeof one.value === "string" ? shortened(one.name, one.value) : String(one.value);
    return html`<output id=${id}>${shown.length > 40 ? `${shown.slice(0, 40)}…` : shown}</output>`;
  }
  if (one.type === "Enumeration")
    return html`<select id=${id} value=${one.value} disabled=${!!lock} onChange=${(event) => onWrite(event.target.value)}>
      ${Object.keys(one.entries).map((entry) => html`<option value=${entry}>${shortened(one.name, entry)}</option>`)}</select>`;
  if (one.type === "Boolean")
    return html`<input id=${id} type="checkbox" role="switch" checked=${one.value} disabled=${!!lock} onChange=${(event) => onWrite(event.target.checked)} />`;
  if (numeric) return html`<${NumberField} one=${one} id=${id} lock=${lock} onWrite=${onWrite} />`;
  return html`<${TextField} one=${one} id=${id} lock=${lock} onWrite=${onWrite} />`;
}

function limits(one) {
  if (one.min === undefined || one.access === "RO") return "";
  return `${number(one.min, 6)} to ${number(one.max, 6)}${one.unit ? ` ${one.unit}` : ""}`;
}

/** A row with name, control, limits and lock. */
export function FeatureRow({ name, title, slider = false, extra }) {
  const one = feature(name).value;
  const box = useRef();
  useEffect(() => {
    // What was refused must not stay in the control.
    box.current?.querySelectorAll("select").forEach((select) => (select.value = one?.value));
  });
  if (!one) return null;
  const lock = lockOf(one);
  const id = `feature-${name}`;
  const onWrite = (value) => write(name, value);
  const numeric = (one.type === "Integer" || one.type === "Float") && one.access !== "RO";
  return html`<div class="feature ${foreign.value.has(name) ? "foreign" : ""} ${lock && one.access !== "RO" ? "locked" : ""}" ref=${box} title=${one.tip}>
    <label for=${id}>${title ?? name}</label>
    <span class="value"><${Control} one=${one} id=${id} lock=${lock} onWrite=${onWrite} /> <span class="unit">${one.unit}</span></span>
    ${slider && numeric && html`<${Slider} one=${one} lock=${lock} onWrite=${onWrite} />`}
    ${extra}
    <span class="limits">${limits(one)}</span>
    ${lock && one.access !== "RO" && html`<span class="lock">Locked: ${lock}</span>`}
  </div>`;
}
