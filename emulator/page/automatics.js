// What the automatics measure, and where they stand.
import { html } from "/page/view.js";
import { valueOf } from "/page/features.js";
import { usePoll } from "/page/poll.js";
import { Plot } from "/page/plot.js";
import { number } from "/page/units.js";

const percent = (share) => `${number(100 * share, 3)} %`;
const three = (list, digits, unit) => list.map((one) => number(one, digits)).join(" / ") + unit;
const stateOf = ({ settled, unsteady }) => (unsteady ? "rests, though the light flickers" : settled ? "settled" : "on its way");
const isOn = (name) => !/Off$/.test(valueOf(name) ?? "Off");

export function Automatics() {
  const now = usePoll("/automatics", 400).value;
  if (!now) return null;
  const { seen, exposure, balance, focus } = now;
  const exposes = isOn("ExposureAuto") || isOn("GainAuto") || valueOf("IrisAuto") === true;
  const facts = [
    ["Brightness", seen ? `${number(seen.brightness)} of ${exposure.reference} wanted` : "–"],
    ["Exposure", exposes ? stateOf(exposure) : "by hand"],
    ["Clipped", seen ? percent(seen.clipped) : "–"],
    ["Red / green / blue", seen ? three(seen.mean_dn, 4, " DN") : "–"],
    ["Nearly grey", seen ? percent(seen.grey) : "–"],
    ["White balance", isOn("BalanceWhiteAuto") ? stateOf(balance) : "by hand"],
    ["Its gains", three(balance.gains, 3, "")],
    ["Light", `${number(balance.temperature_k)} K`],
    ["Autofocus", focus.phase === "done" ? (focus.found ? "has found it" : "found nothing sharp") : focus.phase],
  ];
  const samples = focus.samples.toSorted((one, other) => one.counts - other.counts);
  return html`<h3>What the automatics measure</h3>
    <dl class="cards" aria-label="Automatics">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    ${!seen && html`<p class="quiet">They measure the frames that a client streams. Without a client exposure, gain and white balance stay
      as they are, and can be set by hand where their automatic is off.</p>`}
    ${samples.length > 1 && html`<${Plot} label="Contrast over focus, relative to the light" x="Focus, steps" y="contrast" data=${[samples.map((one) => one.counts), samples.map((one) => one.fine), samples.map((one) => one.coarse)]}
      series=${[{ label: "fine detail", colour: "#3b82d6" }, { label: "coarse", colour: "#2f9e66" }]} />`}`;
}
