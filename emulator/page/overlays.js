// What is laid over the picture: ground truth, regions, crosshair, and the line of the profile.
import { signal } from "/page/view.js";
import { address } from "/page/address.js";
import { fetchFrom, get } from "/page/api.js";
import { valueOf } from "/page/features.js";
import { layers } from "/page/live_tools.js";
import { metres } from "/page/units.js";

/** {picture, truth, masks, depth} of the picture that they belong to. */
export const overlayData = signal({});
let asked = "";

const kHues = [205, 28, 130, 330, 265, 55, 170, 0];
const hue = (id) => kHues[id % kHues.length];

async function imageOfMasks(moment) {
  const { width, height, instances } = await get(`/truth/masks?${moment}`);
  const step = 4, w = Math.ceil(width / step), h = Math.ceil(height / step);
  const canvas = new OffscreenCanvas(w, h), context = canvas.getContext("2d");
  for (const one of instances) {
    context.fillStyle = `hsl(${hue(one.id)} 90% 55% / 0.45)`;
    let at = 0;
    one.segmentation.counts.forEach((length, i) => {
      for (let done = at; i % 2 === 1 && done < at + length; ) {
        const x = Math.floor(done / height), top = done % height;
        const rows = Math.min(at + length - done, height - top);
        if (x % step === 0) context.fillRect(x / step, top / step, 1, Math.max(1, rows / step));
        done += rows;
      }
      at += length;
    });
  }
  return canvas;
}

async function imageOfDepth(moment, about) {
  const bytes = await (await fetchFrom(`/truth/depth?format=raw&${moment}`)).arrayBuffer();
  const depth = new Float32Array(bytes), step = 4;
  const w = Math.floor(about.width / step), h = Math.floor(about.height / step);
  let near = Infinity, far = 0;
  for (let i = 0; i < depth.length; i += 97) {
    if (!Number.isFinite(depth[i])) continue;
    near = Math.min(near, depth[i]);
    far = Math.max(far, depth[i]);
  }
  const image = new ImageData(w, h), range = Math.max(1e-6, 1 / near - 1 / far);
  for (let y = 0; y < h; ++y) {
    for (let x = 0; x < w; ++x) {
      const z = depth[y * step * about.width + x * step], at = 4 * (y * w + x);
      const share = Number.isFinite(z) ? Math.min(1, Math.max(0, (1 / z - 1 / far) / range)) : 0;
      image.data[at] = 255 * share;
      image.data[at + 1] = 120 + 80 * (0.5 - Math.abs(share - 0.5));
      image.data[at + 2] = 255 * (1 - share);
      image.data[at + 3] = 150;
    }
  }
  const canvas = new OffscreenCanvas(w, h);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return Object.assign(canvas, { near, far });
}

async function fetchData(about, wanted) {
  const moment = about.source === "stream" ? `block_id=${about.block_id}` : `time_ns=${about.time_ns}`;
  try {
    const data = { picture: about.picture };
    if (wanted.has("boxes")) data.truth = await get(`/truth?${moment}`);
    if (wanted.has("masks")) data.masks = await imageOfMasks(moment);
    if (wanted.has("depth")) data.depth = await imageOfDepth(moment, about);
    overlayData.value = data;
  } catch {
    overlayData.value = { picture: about.picture }; // the frame is not kept any more: the next one will be
  } finally {
    busy = false;
  }
}
let busy = false;

function drawBox(context, view, item) {
  context.strokeStyle = `hsl(${hue(item.id)} 95% 62%)`;
  context.lineWidth = 2;
  context.beginPath();
  item.corners_px.forEach((corner, i) => context[i ? "lineTo" : "moveTo"](...view.toCanvas(...corner)));
  context.closePath();
  context.stroke();
  const text = `${item.name || item.kind}${item.content ? `: ${item.content}` : ""}${item.defects.length ? ` (${item.defects.join(", ")})` : ""}  ${metres(item.distance_m)}`;
  const [x, y] = view.toCanvas(Math.max(0, item.box_px[0]), Math.max(0, item.box_px[1]));
  const size = Math.max(11, view.canvas.width / 80);
  context.font = `600 ${size}px system-ui, sans-serif`;
  context.textAlign = "left";
  context.textBaseline = "top";
  const left = Math.max(2, x), top = Math.max(2, y - size - 6);
  context.fillStyle = "#000b";
  context.fillRect(left, top, context.measureText(text).width + 8, size + 5);
  context.fillStyle = "#fff";
  context.fillText(text, left + 4, top + 3);
}

function drawRegion(context, view, names, colour, title, sensor) {
  const [x, y, w, h] = names.map((name) => valueOf(name));
  if (!(w > 0)) return;
  const [dx, dy] = sensor ? [valueOf("OffsetX") ?? 0, valueOf("OffsetY") ?? 0] : [0, 0];
  const by = sensor ? [Number(valueOf("DecimationHorizontal") ?? 1), Number(valueOf("DecimationVertical") ?? 1)] : [1, 1];
  const [left, top] = view.toCanvas(x / by[0] - dx, y / by[1] - dy);
  const [right, bottom] = view.toCanvas((x + w) / by[0] - dx, (y + h) / by[1] - dy);
  context.setLineDash([8, 5]);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(left, top, right - left, bottom - top);
  context.setLineDash([]);
  context.font = `600 ${Math.max(11, view.canvas.width / 85)}px system-ui, sans-serif`;
  context.textBaseline = "bottom";
  context.textAlign = "left";
  context.fillStyle = colour;
  context.fillText(title, left + 4, bottom - 3);
}

function drawLine(context, view, from, to, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(...view.toCanvas(...from));
  context.lineTo(...view.toCanvas(...to));
  context.stroke();
}

function drawImage(context, view, image, about) {
  const [left, top] = view.toCanvas(0, 0), [right, bottom] = view.toCanvas(about.width, about.height);
  context.drawImage(image, left, top, right - left, bottom - top);
}

export function drawOverlays(context, view, about) {
  const shown = layers();
  const wanted = new Set(["boxes", "masks", "depth"].filter((name) => shown.has(name)));
  const key = `${about.picture}:${[...wanted]}`;
  if (wanted.size > 0 && asked !== key && !busy) {
    asked = key;
    busy = true;
    fetchData(about, wanted);
  }
  const { truth, masks, depth } = overlayData.value;
  if (shown.has("depth") && depth) drawImage(context, view, depth, about);
  if (shown.has("masks") && masks) drawImage(context, view, masks, about);
  if (shown.has("boxes") && truth) truth.items.filter((item) => item.visible !== "none").forEach((item) => drawBox(context, view, item));
  if (shown.has("regions")) {
    if (valueOf("AutoFocusROIEnable"))
      drawRegion(context, view, ["AutoFocusROILeft", "AutoFocusROITop", "AutoFocusROIWidth", "AutoFocusROIHeight"], "#7ce0ff", "autofocus", true);
    if (valueOf("AutoFunctionsROIEnable"))
      drawRegion(context, view, ["AutoFunctionsROILeft", "AutoFunctionsROITop", "AutoFunctionsROIWidth", "AutoFunctionsROIHeight"], "#ffb057", "exposure, gain, white balance");
  }
  if (shown.has("cross")) {
    drawLine(context, view, [about.width / 2, 0], [about.width / 2, about.height], "#ffffffc0");
    drawLine(context, view, [0, about.height / 2], [about.width, about.height / 2], "#ffffffc0");
  }
  const line = (address.value.profile ?? "").split(",").map(Number);
  if (line.length === 4) drawLine(context, view, line.slice(0, 2), line.slice(2), "#ffd34d");
}
