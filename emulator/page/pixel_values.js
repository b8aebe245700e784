// The digital numbers of single pixels, written into them where they are large enough.
import { signal } from "/page/view.js";
import { fetchFrom } from "/page/api.js";

const kReadable = 34; // canvas pixels for one of the image

/** {key, numbers, region, channels}: what was fetched last. */
export const valuesFor = signal(null);
let asked = "";

async function fetchValues(key, about, { x, y, w, h }) {
  asked = key;
  try {
    const response = await fetchFrom(`/preview?format=raw&picture=${about.picture}&x=${x}&y=${y}&w=${w}&h=${h}`);
    const numbers = new Uint16Array(await response.arrayBuffer());
    const [rx, ry, rw, rh] = JSON.parse(response.headers.get("Gigemu-Picture")).region;
    valuesFor.value = { key, numbers, region: { x: rx, y: ry, w: rw, h: rh }, channels: numbers.length / (rw * rh) };
  } catch {
    valuesFor.value = { key, numbers: null }; // the picture is gone already, or its pixels share colours
  }
}

const kColours = ["#ff9a9a", "#9df2a8", "#9fc4ff"];
const colourOf = (x, y) => (x % 2 === 0 ? (y % 2 === 0 ? 0 : 1) : y % 2 === 0 ? 1 : 2);

function text(context, view, lines, x, y) {
  const [left, top] = view.toCanvas(x, y);
  const size = Math.min(14, view.scale / (lines.length > 1 ? 3.4 : 3));
  context.font = `600 ${size}px ui-monospace, monospace`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  lines.forEach(([number, colour], i) => {
    const at = top + (view.scale * (i + 1)) / (lines.length + 1);
    context.strokeStyle = "#000c";
    context.lineWidth = 3;
    context.strokeText(number, left + view.scale / 2, at);
    context.fillStyle = colour;
    context.fillText(number, left + view.scale / 2, at);
  });
}

export function drawPixelValues(context, view, about) {
  if (view.scale < kReadable) return;
  const key = `${about.picture}:${Object.values(view.region)}`;
  const values = valuesFor.value;
  if (asked !== key) fetchValues(key, about, view.region);
  if (!values?.numbers || values.key !== key) return;
  const { x, y, w, h } = values.region;
  for (let row = 0; row < h; ++row) {
    for (let column = 0; column < w; ++column) {
      const at = (row * w + column) * values.channels;
      const lines =
        values.channels === 1
          ? [[values.numbers[at], kColours[colourOf(x + column, y + row)]]]
          : [2, 1, 0].map((channel, i) => [values.numbers[at + channel], kColours[i]]);
      text(context, view, lines, x + column, y + row);
    }
  }
}
