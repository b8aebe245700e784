// Which part of the image is seen, and how large: from pixels of the image to those of the canvas.
import { address, go } from "/page/address.js";

export const kLargest = 64; // canvas pixels for one of the image

/** `canvas` and `image` are {width, height}. Without a zoom in the URL the whole image fits. */
export function viewport(canvas, image) {
  const fit = Math.min(canvas.width / image.width, canvas.height / image.height);
  const zoom = Number(address.value.zoom);
  const scale = zoom > 0 ? Math.min(kLargest, Math.max(fit, zoom)) : fit;
  const seen = { width: canvas.width / scale, height: canvas.height / scale };
  const within = (centre, size, all) => (size >= all ? all / 2 : Math.min(all - size / 2, Math.max(size / 2, centre)));
  const cx = within(Number(address.value.x ?? image.width / 2), seen.width, image.width);
  const cy = within(Number(address.value.y ?? image.height / 2), seen.height, image.height);
  const left = cx - seen.width / 2, top = cy - seen.height / 2;
  return {
    scale, fit, cx, cy, canvas, image,
    toCanvas: (x, y) => [(x - left) * scale, (y - top) * scale],
    toImage: (x, y) => [x / scale + left, y / scale + top],
    region: regionOf(left, top, seen, image),
  };
}

/** What must be asked for: whole pairs of pixels. */
function regionOf(left, top, seen, image) {
  const x = Math.max(0, Math.floor(left / 2) * 2), y = Math.max(0, Math.floor(top / 2) * 2);
  const right = Math.min(image.width, Math.ceil((left + seen.width) / 2) * 2);
  const bottom = Math.min(image.height, Math.ceil((top + seen.height) / 2) * 2);
  return { x, y, w: Math.max(2, right - x), h: Math.max(2, bottom - y) };
}

/** Magnifies `by`, so that the place of the image at (x, y) of the canvas stays there. */
export function zoomAbout(view, by, x, y) {
  const scale = Math.min(kLargest, view.scale * by);
  if (scale <= view.fit * 1.001) return go({ zoom: "", x: "", y: "" });
  const [ix, iy] = view.toImage(x, y);
  const cx = ix - (x - view.canvas.width / 2) / scale, cy = iy - (y - view.canvas.height / 2) / scale;
  go({ zoom: scale.toFixed(3), x: cx.toFixed(1), y: cy.toFixed(1) });
}

export function pan(view, dx, dy) {
  if (!address.value.zoom) return;
  go({ x: (view.cx - dx / view.scale).toFixed(1), y: (view.cy - dy / view.scale).toFixed(1) });
}
