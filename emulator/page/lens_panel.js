// Lens and exposure: motors on their way, what the lens does with them, and what the automatics make of the picture.
import { html } from "/page/view.js";
import { readOnly } from "/page/api.js";
import { go } from "/page/address.js";
import { Automatics } from "/page/automatics.js";
import { command } from "/page/features.js";
import { FeatureRow } from "/page/feature_editor.js";
import { depthOfField, fieldOfView } from "/page/optics.js";
import { usePoll } from "/page/poll.js";
import { metres, number } from "/page/units.js";

const kParts = [["zoom", "Zoom", "wide", "tele", 1000], ["focus", "Focus", "near", "far", 10000], ["iris", "Iris", "closed", "open", 255]];

function Motor({ motor, feature, low, high, most }) {
  const way = motor?.left_s > 0;
  return html`<div class="motor">
    <${FeatureRow} name=${feature} slider />
    <div class="way" aria-hidden="true"><span class="end">${low}</span>
      <span class="track">${motor && html`<i class="target" style=${{ left: `${(100 * motor.target) / most}%` }}></i>
        <i class="now ${way ? "moving" : ""}" style=${{ left: `${(100 * motor.position) / most}%` }}></i>`}</span>
      <span class="end">${high}</span></div>
    <p class="quiet" role="status">${!motor ? "" : motor.left_s > 0 ? `At ${number(motor.position)} steps, arrives in ${motor.left_s.toFixed(2)} s` : `At rest at ${number(motor.position)} steps`}</p>
  </div>`;
}

function Optics({ lens }) {
  if (!lens) return null;
  const depth = depthOfField(lens), view = fieldOfView(lens);
  const facts = [
    ["Focal length", `${number(lens.focal_length_mm)} mm`],
    ["Aperture", lens.iris_closed ? "closed" : `F/${number(lens.f_number, 3)}`],
    ["Focused at", metres(lens.focused_distance_m)],
    ["Near limit", depth ? metres(depth.near) : "–"],
    ["Far limit", depth ? metres(depth.far) : "–"],
    ["Field of view", `${number(view.horizontal, 3)}° × ${number(view.vertical, 3)}°`],
    ["Housing", `${number(lens.housing_c, 3)} °C`],
  ];
  return html`<dl class="cards" aria-label="Optics">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <p class="quiet">Limits are for a blur of two pixels (6.9 µm), from the front of the lens.</p>`;
}

export function LensPanel() {
  const lens = usePoll("/lens", 200).value;
  const motor = (part) => lens?.motors.find((one) => one.part === part);
  return html`<h2>Lens</h2>
    <${Optics} lens=${lens} />
    ${kParts.map(([part, feature, low, high, most]) => html`<${Motor} key=${part} motor=${motor(part)} feature=${feature} low=${low} high=${high} most=${most} />`)}
    <div class="actions">
      <button disabled=${readOnly.value} onClick=${() => command("FocusAuto")}>Autofocus</button>
      <button onClick=${() => go({ tool: "focus" })}>Focus by a click in the picture</button>
    </div>
    <${FeatureRow} name="IrisAuto" /><${FeatureRow} name="IRCutFilterEnable" /><${FeatureRow} name="AutoFocusROIEnable" />
    <h2>Exposure</h2>
    <${FeatureRow} name="ExposureAuto" /><${FeatureRow} name="ExposureTime" slider />
    <${FeatureRow} name="GainAuto" /><${FeatureRow} name="Gain" slider />
    <${FeatureRow} name="ExposureAutoReference" slider /><${FeatureRow} name="ExposureAutoUpperLimit" slider />
    <div class="actions"><button onClick=${() => go({ histogram: "1", show: "regions,clipped" })}>Show where, and the histogram</button></div>
    <${Automatics} />
    <h2>Acquisition</h2>
    <div class="actions">
      <button disabled=${readOnly.value} onClick=${() => command("AcquisitionStart")}>Start acquisition</button>
      <button disabled=${readOnly.value} onClick=${() => command("AcquisitionStop")}>Stop</button>
    </div>
    <${FeatureRow} name="AcquisitionFrameRate" slider /><${FeatureRow} name="TriggerMode" /><${FeatureRow} name="TriggerSource" />
    <h2>Image</h2>
    <${FeatureRow} name="PixelFormat" /><${FeatureRow} name="BalanceWhiteAuto" /><${FeatureRow} name="Gamma" slider />
    <${FeatureRow} name="Saturation" slider /><${FeatureRow} name="BlackLevel" slider /><${FeatureRow} name="ReverseX" /><${FeatureRow} name="ReverseY" />`;
}
