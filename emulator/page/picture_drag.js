// What dragging in the picture does: moves it, focuses, draws a profile line, or draws a region into features.
import { go } from "/page/address.js";
import { feature, write } from "/page/features.js";
import { pan } from "/page/viewport.js";

/** Regions that can be drawn, with the features that hold them. */
export const kRegions = {
  image_region: { text: "Image region", help: "the part of the sensor that is read", prefix: "", names: ["OffsetX", "OffsetY", "Width", "Height"] },
  af_region: { text: "AF region", help: "where autofocus looks", enable: "AutoFocusROIEnable",
    names: ["AutoFocusROILeft", "AutoFocusROITop", "AutoFocusROIWidth", "AutoFocusROIHeight"] },
  auto_region: { text: "Auto region", help: "what exposure, gain and white balance measure", enable: "AutoFunctionsROIEnable",
    preset: "AutoFunctionsROIPreset",
    names: ["AutoFunctionsROILeft", "AutoFunctionsROITop", "AutoFunctionsROIWidth", "AutoFunctionsROIHeight"] },
};

const kFocusSize = 200; // pixels, of the region that a click focuses on

export function beginDrag(tool, view, at) {
  const place = view.toImage(...at);
  return { tool, from: place, to: place, last: at };
}

export function moveDrag(drag, view, at) {
  if (drag.tool === "pan") pan(view, at[0] - drag.last[0], at[1] - drag.last[1]);
  return { ...drag, to: view.toImage(...at), last: at };
}

/** The nearest legal value. */
function legal(name, wanted) {
  const one = feature(name).value;
  if (!one) return Math.round(wanted);
  const inc = one.inc || 1;
  return Math.min(one.max, Math.max(one.min, one.min + Math.round((wanted - one.min) / inc) * inc));
}

async function writeRegion(kind, x, y, width, height) {
  const { names, enable, preset } = kRegions[kind];
  const [left, top, w, h] = names;
  if (kind === "image_region") {
    const now = { x: feature("OffsetX").value?.value ?? 0, y: feature("OffsetY").value?.value ?? 0 };
    await write("OffsetAutoCenter", false);
    await write(left, 0) && (await write(top, 0));
    await write(w, legal(w, width));
    await write(h, legal(h, height));
    await write(left, legal(left, x + now.x));
    await write(top, legal(top, y + now.y));
    return;
  }
  await write(enable, true);
  if (preset) await write(preset, "AutoFunctionsROIPreset_Custom");
  if (kind === "af_region") {
    const [ax, ay] = toSensor(x, y), [bx, by] = toSensor(x + width, y + height);
    [x, y, width, height] = [Math.min(ax, bx), Math.min(ay, by), Math.abs(bx - ax), Math.abs(by - ay)];
  }
  // The size first, as small as may be, so that the place fits whatever was there.
  await write(w, legal(w, feature(w).value?.min ?? 0));
  await write(h, legal(h, feature(h).value?.min ?? 0));
  await write(left, legal(left, x));
  await write(top, legal(top, y));
  await write(w, legal(w, width));
  await write(h, legal(h, height));
}

/** From the image to the sensor, whose pixels autofocus counts in; and back. */
export function toSensor(x, y) {
  const value = (name, usual) => feature(name).value?.value ?? usual;
  const upright = (at, size, reversed) => (reversed ? size - at : at);
  return [
    (upright(x, value("Width", 2048), value("ReverseX", false)) + value("OffsetX", 0)) * Number(value("DecimationHorizontal", 1)),
    (upright(y, value("Height", 1536), value("ReverseY", false)) + value("OffsetY", 0)) * Number(value("DecimationVertical", 1)),
  ];
}

export async function focusAt(x, y) {
  await writeRegion("af_region", x - kFocusSize / 2, y - kFocusSize / 2, kFocusSize, kFocusSize);
  await write("FocusAuto");
}

export function endDrag(drag, view) {
  const [x0, y0] = drag.from, [x1, y1] = drag.to;
  const inside = x0 >= 0 && y0 >= 0 && x0 < view.image.width && y0 < view.image.height;
  if (drag.tool === "pan" || !inside) return;
  if (drag.tool === "focus") return focusAt(x0, y0);
  if (drag.tool === "profile") {
    if (Math.hypot(x1 - x0, y1 - y0) > 2) go({ profile: [x0, y0, x1, y1].map((one) => one.toFixed(1)).join(",") });
    return;
  }
  if (Math.abs(x1 - x0) < 4 || Math.abs(y1 - y0) < 4) return;
  writeRegion(drag.tool, Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0));
}

export function drawDrag(context, view, drag) {
  if (!drag || drag.tool === "pan" || drag.tool === "focus") return;
  const [ax, ay] = view.toCanvas(...drag.from), [bx, by] = view.toCanvas(...drag.to);
  context.strokeStyle = "#ffd34d";
  context.lineWidth = 2;
  context.beginPath();
  if (drag.tool === "profile") {
    context.moveTo(ax, ay);
    context.lineTo(bx, by);
  } else {
    context.rect(Math.min(ax, bx), Math.min(ay, by), Math.abs(bx - ax), Math.abs(by - ay));
  }
  context.stroke();
}
