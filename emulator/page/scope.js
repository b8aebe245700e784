// Scope and logic analyser: all signals over time, with cursors and a trigger of its own.
import { html, useEffect, useMemo, useRef, useSignal } from "/page/view.js";
import { address, go } from "/page/address.js";
import { download } from "/page/api.js";
import { attempt } from "/page/alerts.js";
import { Generator } from "/page/generator.js";
import { drawScope, kLabels_px, kRow_px, kTop_px } from "/page/scope_drawing.js";
import { entries, kTracks, reasonOf, tracksOf, useTrace } from "/page/trace.js";
import { clock, duration, hertz } from "/page/units.js";
import { usePoll } from "/page/poll.js";

const kLeast_ns = 1e3, kMost_ns = 600e9;
const kSpans_ns = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 6e10, 6e11];

function Missed({ tracks, show }) {
  const last = tracks.trigger_missed.slice(-8).reverse();
  if (last.length === 0) return html`<p class="quiet">No trigger was missed among the signals that are kept.</p>`;
  return html`<table><caption>Triggers that were missed, the newest first</caption>
    <thead><tr><th scope="col">Time</th><th scope="col">Source</th><th scope="col">Because</th></tr></thead>
    <tbody>${last.map((one) => html`<tr key=${one.entry.number}><td><button onClick=${() => show(one.at)}>${clock(one.at)}</button></td>
      <td>${one.entry.source}</td><td>${reasonOf(one, tracks)}</td></tr>`)}</tbody></table>`;
}

function Cursors({ a, b }) {
  if (a === null && b === null) return html`<p class="quiet" role="status">A click sets cursor A, a click with Shift cursor B; so do the keys A and B. The wheel zooms, dragging moves.</p>`;
  const gap = a !== null && b !== null ? Math.abs(b - a) : null;
  return html`<p role="status" class="mono">A ${a === null ? "–" : clock(a)} · B ${b === null ? "–" : clock(b)}
    ${gap !== null && html` · <strong>${duration(gap, 6)}</strong>${gap > 0 ? ` (${hertz(1e9 / gap)})` : ""}`}</p>`;
}

function Scope() {
  useTrace();
  const place = useRef(), width = useSignal(600);
  const a = useSignal(null), b = useSignal(null), held = useSignal(null), drag = useRef(null), armed = useRef(0);
  const clockNow = usePoll("//clock", 500).value;
  const span = Math.min(kMost_ns, Math.max(kLeast_ns, Number(address.value.span) || 1e9));
  const tracks = useMemo(() => tracksOf(entries.value), [entries.value]);
  const newest = Math.max(entries.value.at(-1)?.time_ns ?? 0, clockNow?.time_ns ?? 0);
  const right = held.value ?? newest + span * 0.03;
  const left = right - span;
  const trigger = address.value.trigger ?? "";

  useEffect(() => {
    const watch = new ResizeObserver(() => (width.value = Math.max(240, place.current.parentElement.clientWidth)));
    watch.observe(place.current.parentElement);
    const wheel = (event) => {
      event.preventDefault();
      latest.current.zoom(Math.exp(event.deltaY / 300), latest.current.timeAt(event));
    };
    place.current.addEventListener("wheel", wheel, { passive: false });
    return () => watch.disconnect();
  }, []);
  // Its trigger: the picture stands with the next such signal in its middle.
  useEffect(() => {
    const found = trigger && entries.value.find((one) => one.number >= armed.current && one.signal === trigger && (one.high ?? true));
    if (!found) return;
    const settled = newest > found.time_ns + span / 2;
    held.value = found.time_ns + span / 2;
    if (settled && address.value.once) go({ trigger: "", once: "" });
    armed.current = found.number + 1;
  }, [entries.value, trigger]);
  useEffect(() => {
    armed.current = (entries.value.at(-1)?.number ?? -1) + 1;
  }, [trigger]);
  useEffect(() => drawScope(place.current, { tracks, left, span, a: a.value, b: b.value, now: newest }));

  const inner = width.value - kLabels_px;
  const timeAt = (event) => {
    const box = place.current.getBoundingClientRect();
    return left + ((event.clientX - box.left - kLabels_px) / inner) * span;
  };
  const zoom = (by, about = right - span / 2) => {
    const next = Math.min(kMost_ns, Math.max(kLeast_ns, span * by));
    if (held.value !== null) held.value = about + ((right - about) * next) / span;
    go({ span: Math.round(next) });
  };
  const move = (share) => (held.value = right + share * span);
  const latest = useRef();
  latest.current = { zoom, timeAt };
  const show = (at) => {
    held.value = at + span / 2;
    a.value = at;
  };
  const keys = {
    "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), ArrowLeft: () => move(-0.1), ArrowRight: () => move(0.1),
    a: () => (a.value = right - span / 2), b: () => (b.value = right - span / 2), f: () => (held.value = null),
  };
  return html`<h2>Scope and logic analyser</h2>
    <div class="filters" role="toolbar" aria-label="Scope">
      <button aria-label="Zoom in" onClick=${() => zoom(0.5)}>+</button><button aria-label="Zoom out" onClick=${() => zoom(2)}>−</button>
      <label>Window <select value=${span} onChange=${(event) => go({ span: event.target.value })}>
        ${[...new Set([...kSpans_ns, span])].sort((one, other) => one - other).map((one) => html`<option value=${one}>${duration(one)}</option>`)}</select></label>
      <button aria-pressed=${held.value === null} onClick=${() => (held.value = held.value === null ? right : null)}>Follow</button>
      <label>Trigger on <select value=${trigger} onChange=${(event) => go({ trigger: event.target.value })}>
        <option value="">nothing</option>
        ${["trigger_in", "trigger_accepted", "trigger_missed", "exposure_start", "strobe_out", "frame_dropped", "lens_move_begin"].map((one) => html`<option value=${one}>${one}</option>`)}</select></label>
      <label><input type="checkbox" checked=${!!address.value.once} onChange=${(event) => go({ once: event.target.checked ? "1" : "" })} /> once</label>
      <button onClick=${() => { a.value = b.value = null; }}>Clear cursors</button>
      <button title="Value change dump, for GTKWave" onClick=${() => attempt(() => download("/signals.vcd", "signals.vcd"))}>Save VCD</button>
    </div>
    <div class="scope"><canvas ref=${place} tabindex="0" role="img"
      aria-label="Signals over ${duration(span)}. Plus and minus zoom, arrows move, A and B set cursors, F follows."
      width=${width.value} height=${kTop_px + kRow_px * kTracks.length + 4}
      onKeyDown=${(event) => { const act = keys[event.key]; if (act && !event.ctrlKey) { event.preventDefault(); act(); } }}
      onPointerDown=${(event) => { place.current.setPointerCapture(event.pointerId); drag.current = { x: event.clientX, right, moved: false }; }}
      onPointerMove=${(event) => {
        if (!drag.current || Math.abs(event.clientX - drag.current.x) < 4) return;
        drag.current.moved = true;
        held.value = drag.current.right - ((event.clientX - drag.current.x) / inner) * span;
      }}
      onPointerUp=${(event) => {
        if (drag.current && !drag.current.moved) (event.shiftKey ? b : a).value = timeAt(event);
        drag.current = null;
      }}></canvas></div>
    <${Cursors} a=${a.value} b=${b.value} />
    <${Missed} tracks=${tracks} show=${show} />`;
}

/** Side by side, as each of them renders at its own pace. */
export const ScopePanel = () => html`<${Scope} /><${Generator} />`;
