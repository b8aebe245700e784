// Marks in the picture itself: clipped areas and edges that are in focus.
import { layers } from "/page/live_tools.js";

const kClipped = 254, kDark = 1;
const kEdge = 60; // of 255, between neighbours

function markClipped(pixels) {
  for (let i = 0; i < pixels.length; i += 4) {
    const most = Math.max(pixels[i], pixels[i + 1], pixels[i + 2]);
    if (most >= kClipped) {
      pixels[i] = 255;
      pixels[i + 1] = 40;
      pixels[i + 2] = 60;
    } else if (most <= kDark) {
      pixels[i] = 40;
      pixels[i + 1] = 90;
      pixels[i + 2] = 255;
    }
  }
}

function markEdges(pixels, width) {
  const luma = new Uint8Array(pixels.length / 4);
  for (let i = 0, j = 0; i < pixels.length; i += 4, ++j) luma[j] = (pixels[i] + 2 * pixels[i + 1] + pixels[i + 2]) >> 2;
  for (let j = 0; j < luma.length - width - 1; ++j) {
    const steep = Math.abs(luma[j + 1] - luma[j]) + Math.abs(luma[j + width] - luma[j]);
    if (steep > kEdge) {
      pixels[4 * j] = 255;
      pixels[4 * j + 1] = 60;
      pixels[4 * j + 2] = 200;
    }
  }
}

export function markPixels(context, canvas) {
  const shown = layers();
  if (!shown.has("clipped") && !shown.has("peaking")) return;
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  if (shown.has("peaking")) markEdges(image.data, canvas.width);
  if (shown.has("clipped")) markClipped(image.data);
  context.putImageData(image, 0, 0);
}
