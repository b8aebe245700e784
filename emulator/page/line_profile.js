// Brightness along the line that was drawn, as displayed.
import { html, useMemo } from "/page/view.js";
import { address } from "/page/address.js";
import { picture } from "/page/picture_feed.js";
import { Plot } from "/page/plot.js";

const kSeries = [{ label: "red", colour: "#e0524f" }, { label: "green", colour: "#3aa655" }, { label: "blue", colour: "#4b86e8" }];

/** Of the picture as it came, without what is laid over it. */
function sample([x0, y0, x1, y1]) {
  const { bitmap, about } = picture.value;
  const [rx, ry, rw, rh] = about.region;
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
  const length = Math.hypot(x1 - x0, y1 - y0);
  const steps = Math.min(600, Math.max(2, Math.round(length)));
  const data = [[], [], [], []];
  for (let i = 0; i <= steps; ++i) {
    const x = Math.floor(((x0 + ((x1 - x0) * i) / steps - rx) / rw) * bitmap.width);
    const y = Math.floor(((y0 + ((y1 - y0) * i) / steps - ry) / rh) * bitmap.height);
    const inside = x >= 0 && y >= 0 && x < bitmap.width && y < bitmap.height;
    data[0].push((length * i) / steps);
    for (let channel = 0; channel < 3; ++channel)
      data[channel + 1].push(inside ? pixels[4 * (y * bitmap.width + x) + channel] : null);
  }
  return data;
}

export function LineProfile() {
  const line = (address.value.profile ?? "").split(",").map(Number);
  const data = useMemo(() => (line.length === 4 && picture.value ? sample(line) : null), [address.value.profile, picture.value]);
  if (!data) return html`<p class="quiet">Drag a line in the picture to see the brightness along it.</p>`;
  return html`<${Plot} label="Line profile, as displayed" x="pixels along the line" y="0 to 255" data=${data} series=${kSeries} />`;
}
