// What follows from the lens: depth of field and field of view.

const kPixel_m = 3.45e-6;
const kWidth_px = 2048, kHeight_px = 1536;

/** Near and far limit, in metres from the front of the lens, for a blur of two pixels; far may be infinite. */
export function depthOfField(lens) {
  const f = lens.focal_length_mm / 1000, n = lens.f_number, s = lens.focused_distance_m;
  if (!f || !n) return null;
  const hyperfocal = (f * f) / (n * 2 * kPixel_m) + f;
  if (s === null) return { near: hyperfocal, far: Infinity, hyperfocal };
  const near = (s * (hyperfocal - f)) / (hyperfocal + s - 2 * f);
  const far = s >= hyperfocal ? Infinity : (s * (hyperfocal - f)) / (hyperfocal - s);
  return { near, far, hyperfocal };
}

/** In degrees, of the whole sensor. */
export function fieldOfView(lens) {
  const angle = (pixels) => (2 * Math.atan((pixels * kPixel_m) / 2 / (lens.focal_length_mm / 1000)) * 180) / Math.PI;
  return { horizontal: angle(kWidth_px), vertical: angle(kHeight_px) };
}
