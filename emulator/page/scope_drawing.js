// The scope's screen.
import { duration } from "/page/units.js";
import { kTracks } from "/page/trace.js";

export const kLabels_px = 132;
export const kRow_px = 24;
export const kTop_px = 22;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function grid(context, place, { left, span }, colours) {
  const inner = place.width - kLabels_px;
  const step = 10 ** Math.floor(Math.log10(span / 4));
  const by = [1, 2, 5, 10].map((one) => one * step).find((one) => span / one <= 8) ?? step * 10;
  context.font = "11px system-ui";
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let at = Math.ceil(left / by) * by; at < left + span; at += by) {
    const x = kLabels_px + ((at - left) / span) * inner;
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, kTop_px);
    context.lineTo(x, place.height);
    context.stroke();
    const digits = Math.max(0, Math.min(9, 9 - Math.floor(Math.log10(by))));
    context.fillStyle = colours.quiet;
    if (x > kLabels_px + 24 && x < place.width - 20) context.fillText(`${(at / 1e9).toFixed(digits)} s`, x, 10);
  }
}

/** Levels are drawn from edge to edge; before the first one it was the other way round. */
function level(context, list, xOf, top, { now, left, span }) {
  const high = top + 5, low = top + kRow_px - 5;
  const edges = list.filter((one) => one.at >= left && one.at <= left + span);
  const before = list.filter((one) => one.at < left).at(-1);
  let y = before ? (before.high ? high : low) : edges.length ? (edges[0].high ? low : high) : low;
  context.beginPath();
  context.moveTo(xOf(left), y);
  for (const edge of edges) {
    const x = xOf(edge.at);
    context.lineTo(x, y);
    y = edge.high ? high : low;
    context.lineTo(x, y);
  }
  context.lineTo(xOf(Math.min(now, left + span)), y);
  context.stroke();
}

function spans(context, list, xOf, top, { now, left, span }, colours) {
  context.font = "11px system-ui";
  context.textAlign = "left";
  for (const one of list) {
    const to = one.to ?? now;
    if (to < left || one.from > left + span) continue;
    const x0 = Math.max(kLabels_px, xOf(one.from)), x1 = Math.max(x0 + 1, xOf(to));
    context.fillStyle = colours.soft;
    context.fillRect(x0, top + 4, x1 - x0, kRow_px - 8);
    context.strokeRect(x0, top + 4, x1 - x0, kRow_px - 8);
    if (x1 - x0 > 70 && one.entry.frame !== undefined) {
      context.fillStyle = colours.text;
      context.fillText(`${one.entry.frame}: ${duration(to - one.from)}`, x0 + 4, top + kRow_px / 2);
    }
  }
}

function moments(context, list, xOf, top, { left, span }) {
  context.beginPath();
  for (const one of list) {
    if (one.at < left || one.at > left + span) continue;
    const x = xOf(one.at);
    context.moveTo(x, top + kRow_px - 4);
    context.lineTo(x, top + 4);
    context.lineTo(x - 3, top + 9);
    context.moveTo(x, top + 4);
    context.lineTo(x + 3, top + 9);
  }
  context.stroke();
}

function cursor(context, place, x, text, colours) {
  context.strokeStyle = context.fillStyle = colours.busy;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(x, kTop_px);
  context.lineTo(x, place.height);
  context.stroke();
  context.setLineDash([]);
  context.textAlign = "center";
  context.fillText(text, x, kTop_px - 2);
}

export function drawScope(place, view) {
  const colours = { line: colour("--line"), quiet: colour("--text-quiet"), text: colour("--text"), wire: colour("--wire"), soft: colour("--soft"), bad: colour("--bad"), busy: colour("--busy") };
  const context = place.getContext("2d");
  const inner = place.width - kLabels_px;
  const xOf = (time) => kLabels_px + ((time - view.left) / view.span) * inner;
  context.clearRect(0, 0, place.width, place.height);
  grid(context, place, view, colours);
  context.save();
  context.beginPath();
  context.rect(kLabels_px, 0, inner, place.height);
  context.clip();
  kTracks.forEach((track, i) => {
    const top = kTop_px + i * kRow_px, list = view.tracks[track.name];
    context.strokeStyle = track.bad ? colours.bad : colours.wire;
    context.lineWidth = 1.5;
    context.textBaseline = "middle";
    if (track.kind === "level") level(context, list, xOf, top, view);
    else if (track.kind === "span") spans(context, list, xOf, top, view, colours);
    else moments(context, list, xOf, top, view);
  });
  if (view.a !== null) cursor(context, place, xOf(view.a), "A", colours);
  if (view.b !== null) cursor(context, place, xOf(view.b), "B", colours);
  context.restore();
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.font = "12px system-ui";
  kTracks.forEach((track, i) => {
    const top = kTop_px + i * kRow_px;
    context.fillStyle = track.bad && view.tracks[track.name].length ? colours.bad : colours.text;
    context.fillText(track.text, 2, top + kRow_px / 2);
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, top);
    context.lineTo(place.width, top);
    context.stroke();
  });
}
