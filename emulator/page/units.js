// Numbers as people read them, always with their unit.

const kSteps = [[1e9, "s"], [1e6, "ms"], [1e3, "us"], [1, "ns"]];

/** "12.5 ms"; `digits` significant ones. */
export function duration(ns, digits = 4) {
  const size = Math.abs(ns);
  if (size >= 60e9) return `${number(ns / 60e9, digits)} min`;
  const [scale, unit] = kSteps.find(([least]) => size >= least) ?? [1, "ns"];
  return `${number(ns / scale, digits)} ${unit}`;
}

/** 1234567 → 1 234 567. */
const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, " ");

export function number(value, digits = 4) {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return "∞";
  const rounded = Number(value.toPrecision(digits));
  return Math.abs(rounded) >= 1e6 ? grouped(rounded) : String(rounded);
}

export function metres(value) {
  if (value === null || !Number.isFinite(value)) return "∞";
  if (Math.abs(value) < 1) return `${number(value * 1000, 3)} mm`;
  return `${number(value, 4)} m`;
}

export const count = (value) => grouped(value ?? 0);

export const hertz = (value) =>
  value >= 1e6 ? `${number(value / 1e6)} MHz` : value >= 1e3 ? `${number(value / 1e3)} kHz` : `${number(value)} Hz`;

/** A reading of the camera's clock, in seconds since power-up. */
export const clock = (ns) => `${(ns / 1e9).toFixed(6)} s`;

/** ExposureTime → Exposure time. */
export const words = (name) => {
  const text = String(name).replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};
