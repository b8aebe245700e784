// The lamps of the scene, as the side view draws them: with their colour, and shining when they do.
import { html } from "/page/view.js";

/** Colours for the eye, by spectrum. */
const kColours = { blackbody: "#ffb454", A: "#ffb454", D50: "#ffe9c4", daylight: "#f2f6ff", led: "#59d98c" };

/** The list of lamps of a scene, which may have a single one. */
export const lampsOf = (content) => [content.light ?? []].flat();

/** What a lamp is, in a few words. */
export function lampText(lamp) {
  const power = lamp.irradiance_w_m2 !== undefined ? `${lamp.irradiance_w_m2} W/m²` : `${lamp.illuminance_lx ?? 500} lx`;
  const kind = `${lamp.spectrum ?? "D65"}${lamp.temperature_k ? `, ${lamp.temperature_k} K` : ""}${lamp.peak_nm ? `, ${lamp.peak_nm} nm` : ""}`;
  const way = lamp.line ? "switched by STROBE_OUT" : lamp.flicker ? `flickers with ${lamp.flicker.mains_hz ?? 50} Hz mains` : "steady";
  return `${kind}: ${power}, ${way}`;
}

/** Whether it shines now, where `strobe` is the level of STROBE_OUT. */
function shines(lamp, strobe) {
  if ((lamp.irradiance_w_m2 ?? lamp.illuminance_lx ?? 500) === 0) return false;
  if (!lamp.line) return true;
  return strobe !== !!lamp.line.active_low || (lamp.line.level_off ?? 0) > 0;
}

const kRays = Array.from({ length: 8 }, (_, i) => (i * Math.PI) / 4);

/** Symbols beside the camera, as a lamp has no place of its own. */
export function Lamps({ lamps, strobe }) {
  return lamps.map((lamp, i) => {
    const lit = shines(lamp, strobe), x = 15, y = 16 + 30 * i;
    return html`<g key=${i} class="lamp ${lit ? "lit" : ""}" style=${{ color: lit ? (kColours[lamp.spectrum ?? "D65"] ?? "#fff3d6") : "#66727f" }}>
      <title>Lamp ${i}: ${lampText(lamp)}${lit ? "" : ", dark now"}</title>
      <circle cx=${x} cy=${y} r="6" />
      ${lit && kRays.map((angle) => html`<line x1=${x + 8 * Math.cos(angle)} y1=${y + 8 * Math.sin(angle)} x2=${x + 12 * Math.cos(angle)} y2=${y + 12 * Math.sin(angle)} />`)}</g>`;
  });
}
