// The camera from the side and from above, to scale: view cone, depth of field, and things, which can be dragged.
import { html, useRef, useSignal } from "/page/view.js";
import { patch, readOnly } from "/page/api.js";
import { attempt } from "/page/alerts.js";
import { Lamps, lampsOf, lampText } from "/page/lamps.js";
import { depthOfField, fieldOfView } from "/page/optics.js";
import { usePoll } from "/page/poll.js";
import { metres, words } from "/page/units.js";

const kWidth = 760, kHighest = 420, kLeft = 46, kRight = 40;

/** The far end of the drawing: behind all things, or the focused distance. */
function reach(items, lens) {
  const far = Math.max(0.5, ...items.map((one) => one.position_m[2]), lens.focused_distance_m ?? 0);
  return Math.min(60, far * 1.25);
}

/** Half the room that is drawn across the axis: things that are much larger than what the camera sees are not drawn whole. */
function halfOf(far, angle, items, axis) {
  const seen = Math.tan((angle * Math.PI) / 360) * far * 1.15;
  return Math.max(seen, ...items.map((one) => Math.abs(one.position_m[axis]) + Math.min(seen, (one.size_m?.[axis] ?? 0) / 2)), 0.05);
}

const sizeOf = (one, axis, scale) => Math.max(6, (one.size_m?.[axis] ?? 0.05) * scale);

/** Where names stand: above their things, and apart from each other. */
function nameLines(things) {
  const taken = [];
  return things.map(([x, top]) => {
    let y = Math.max(12, top - 5);
    while (taken.some(([otherX, otherY]) => Math.abs(otherX - x) < 70 && Math.abs(otherY - y) < 13)) y += 13;
    taken.push([x, y]);
    return y;
  });
}

function Thing({ one, axis, xOf, yOf, scale, nameY, move }) {
  const size = sizeOf(one, axis, scale);
  const x = xOf(one.position_m[2]), y = yOf(one.position_m[axis]);
  const key = (event) => {
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!by || !one.movable) return;
    event.preventDefault();
    const step = 8 / scale, next = [...one.position_m];
    next[axis] += by[0] * step;
    next[2] = Math.max(0.05, next[2] + by[1] * step);
    move(one, next, true);
  };
  const text = `${one.name}, ${metres(one.position_m[2])} away`;
  return html`<g class="thing ${one.movable ? "movable" : ""}" tabindex=${one.movable ? 0 : undefined} role=${one.movable ? "button" : undefined}
      aria-label=${one.movable ? `${text}. Arrows move it` : undefined} data-name=${one.name} onKeyDown=${key}>
    <title>${text}</title>
    <rect x=${x - 9} y=${y - size / 2 - 3} width="18" height=${size + 6} class="grip" /><line x1=${x} x2=${x} y1=${y - size / 2} y2=${y + size / 2} />
    <text class="name" x=${x + 12} y=${nameY}>${one.name}</text></g>`;
}

function Projection({ title, axis, angle, items, lens, depth, conveyor, move, lamps, strobe }) {
  const place = useRef(), drag = useRef(null);
  const far = reach(items, lens), across = halfOf(far, angle, items, axis);
  const scale = Math.min((kWidth - kLeft - kRight) / far, kHighest / (2 * across));
  const kHeight = Math.max(60 + 60 * lamps.length, 2 * across * scale);
  const xOf = (z) => kLeft + z * scale, yOf = (v) => kHeight / 2 + v * scale;
  const end = Math.tan((angle * Math.PI) / 360) * far;
  const at = (event) => {
    const box = place.current.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * kWidth, ((event.clientY - box.top) / box.height) * (kHeight + 20)];
  };
  const down = (event) => {
    const thing = event.target.closest("[data-name]");
    const one = thing && items.find((item) => item.name === thing.dataset.name);
    if (!one?.movable || readOnly.value) return;
    place.current.setPointerCapture(event.pointerId);
    drag.current = { one, from: at(event), position: one.position_m };
  };
  const drop = (event, done) => {
    if (!drag.current) return;
    const [x, y] = at(event), next = [...drag.current.position];
    next[2] = Math.max(0.05, next[2] + (x - drag.current.from[0]) / scale);
    next[axis] += (y - drag.current.from[1]) / scale;
    move(drag.current.one, next, done);
    if (done) drag.current = null;
  };
  const names = nameLines(items.map((one) => [xOf(one.position_m[2]), yOf(one.position_m[axis]) - sizeOf(one, axis, scale) / 2]));
  const near = depth ? Math.min(far, depth.near) : 0, limit = depth ? Math.min(far, depth.far) : 0;
  const apart = [1, 2, 5, 10].map((one) => one * 10 ** Math.floor(Math.log10(far / 5))).find((one) => far / one <= 6);
  const ticks = Array.from({ length: Math.floor(far / apart) }, (_, i) => (i + 1) * apart);
  return html`<h3>${title}</h3><svg class="projection" viewBox="0 0 ${kWidth} ${kHeight + 20}" ref=${place} role="group" aria-label=${title}
      onPointerDown=${down} onPointerMove=${(event) => drop(event, false)} onPointerUp=${(event) => drop(event, true)}>
    <polygon class="cone" points="${xOf(0)},${kHeight / 2} ${xOf(far)},${yOf(-end)} ${xOf(far)},${yOf(end)}" />
    ${depth && limit > near && html`<polygon class="sharp" points=${[[near, -1], [limit, -1], [limit, 1], [near, 1]].map(([z, side]) => `${xOf(z)},${yOf((side * end * z) / far)}`).join(" ")} />`}
    ${lens.focused_distance_m && lens.focused_distance_m < far && html`<line class="focus" x1=${xOf(lens.focused_distance_m)} x2=${xOf(lens.focused_distance_m)} y1="0" y2=${kHeight} />`}
    ${conveyor && html`<line class="belt" x1=${xOf(conveyor.distance_m)} x2=${xOf(conveyor.distance_m)} y1=${yOf(-across)} y2=${yOf(across)} />`}
    <${Lamps} lamps=${lamps} strobe=${strobe} />
    <rect class="body" x="4" y=${kHeight / 2 - 14} width=${kLeft - 12} height="28" rx="4" /><rect class="lens" x=${kLeft - 10} y=${kHeight / 2 - 9} width="10" height="18" />
    ${items.map((one, i) => html`<${Thing} key=${one.name} one=${one} axis=${axis} xOf=${xOf} yOf=${yOf} scale=${scale} nameY=${names[i]} move=${move} />`)}
    <line class="axis" x1=${xOf(0)} x2=${xOf(far)} y1=${kHeight + 2} y2=${kHeight + 2} />
    ${ticks.map((z) => html`<text class="tick" x=${xOf(z)} y=${kHeight + 16}>${metres(z)}</text>`)}
  </svg>`;
}

export function SideView() {
  const lens = usePoll("/lens", 300).value, world = usePoll("//world", 500).value, pose = usePoll("/pose", 1000).value, lines = usePoll("/lines", 150).value;
  const moved = useSignal({}); // what is being dragged: name -> position
  const last = useRef(0);
  if (!lens || !world) return html`<p class="quiet">The world is being read.</p>`;
  const { content } = world;
  const items = (content.items ?? []).map((item, index) => {
    const name = item.name ?? item.kind;
    const position = moved.value[name] ?? item.position_m ?? item.path?.[0]?.position_m ?? [0, 0, 1];
    const size = item.size_m ?? (item.width_m ? [item.width_m, item.width_m] : item.diameter_m ? [item.diameter_m, item.diameter_m] : undefined);
    return { name, position_m: position, size_m: size, movable: !!item.position_m && !readOnly.value, index };
  });
  const move = async (one, position, done) => {
    const rounded = position.map((value) => Number(value.toFixed(4)));
    moved.value = { ...moved.value, [one.name]: rounded };
    if (!done && performance.now() - last.current < 150) return;
    last.current = performance.now();
    await attempt(() => patch(`//world/items/${encodeURIComponent(one.name)}`, { patch: { position_m: rounded } }));
    if (done) setTimeout(() => (moved.value = {}), 700);
  };
  const depth = depthOfField(lens), view = fieldOfView(lens);
  const lamps = lampsOf(content);
  const shared = { items, lens, depth, conveyor: content.conveyor, move, lamps, strobe: !!lines?.strobe_out.high };
  return html`<h2>Side view</h2>
    <${Projection} title="From the side: up is up" axis=${1} angle=${view.vertical} ...${shared} />
    <${Projection} title="From above" axis=${0} angle=${view.horizontal} ...${shared} />
    <p class="quiet">To scale. The bright part of the cone is in focus, from ${depth ? metres(depth.near) : "–"} to ${depth ? metres(depth.far) : "–"}; the line in it is the focused distance.
      ${pose && pose.position_m.some((one) => one !== 0) ? ` The camera itself stands at ${pose.position_m.map(metres).join(", ")} of the world; things are drawn where the world has them.` : ""}</p>
    <h3>Light</h3><ul>${lamps.map((one) => html`<li>${lampText(one)}</li>`)}</ul>
    <p class="quiet">A lamp has no place: it lights all surfaces alike, and is drawn beside the camera.</p>
    ${content.conveyor && html`<p>${words("conveyor")}: ${metres(content.conveyor.distance_m ?? 1)} away, ${content.conveyor.speed_m_s ?? 0.2} m/s, a part every ${metres(content.conveyor.pitch_m ?? 0.12)}.</p>`}`;
}
