// The housing as a drawing: LEDs as they shine, the connector with its pins, and the temperature.
import { html } from "/page/view.js";
import { usePoll } from "/page/poll.js";
import { number } from "/page/units.js";

const kGlow = { blue: "#3f8cff", green: "#2fd05a", yellow: "#ffd02e", red: "#ff3b3b" };

function Pin({ x, y, text, level }) {
  return html`<g><circle cx=${x} cy=${y} r="7" class="pin ${level ?? ""}" /><text x=${x + 13} y=${y + 4}>${text}</text></g>`;
}

export function Housing() {
  const leds = usePoll("/leds", 100).value;
  const lines = usePoll("/lines", 150).value;
  const lens = usePoll("/lens", 1000).value;
  const glow = (on, colour) => (on ? kGlow[colour] : "#3a434d");
  const status = leds?.status;
  const trigger = lines?.trigger_in.high, transistor = lines?.strobe_out.transistor_on;
  const words = !status ? "unknown" : `${status.colour}${status.blinking ? ", blinking" : ""}${status.flashes ? `, ${status.flashes} flashes` : ""}`;
  return html`<h2>Housing, from behind</h2>
    <svg class="housing" viewBox="0 0 520 300" role="img" aria-label="Rear of the camera. Status LED ${words}. TRIGGER_IN ${trigger ? "high" : "low"}, STROBE_OUT transistor ${transistor ? "on" : "off"}.">
      <rect x="20" y="20" width="230" height="250" rx="14" class="body" />
      <rect x="45" y="135" width="100" height="95" rx="5" class="jack" />
      <rect x="60" y="160" width="70" height="52" class="hole" />
      <rect x="52" y="141" width="22" height="11" rx="2" style=${{ fill: glow(leds?.rj45_green, "green") }} />
      <rect x="116" y="141" width="22" height="11" rx="2" style=${{ fill: leds?.rj45_orange ? "#ff9a2e" : "#3a434d" }} />
      <text x="45" y="252" class="small">RJ45: ${leds?.rj45_green ? "1000 Mbit/s" : "not at gigabit"}</text>
      <circle cx="200" cy="62" r="11" style=${{ fill: glow(status?.lit, status?.colour) }} class=${status?.lit ? "lit" : ""} />
      <text x="170" y="95">status</text>
      <circle cx="200" cy="180" r="36" class="jack" />
      <circle cx="186" cy="168" r="5" class="pin ${trigger ? "high" : "low"}" /><circle cx="214" cy="168" r="5" class="pin ${transistor ? "low" : "high"}" />
      <circle cx="186" cy="192" r="5" class="pin" /><circle cx="214" cy="192" r="5" class="pin" />
      <text x="172" y="234">I/O</text>
      <${Pin} x=${290} y=${62} level=${trigger ? "high" : "low"} text=${`TRIGGER_IN: ${trigger ? "high, current flows" : "low"}`} />
      <text x="303" y="84" class="small">clients read GPIn ${lines?.trigger_in.gpin ?? "–"}</text>
      <${Pin} x=${290} y=${118} level=${transistor ? "low" : "high"} text=${`STROBE_OUT: ${lines?.strobe_out.high ? "high" : "low"}`} />
      <text x="303" y="140" class="small">open drain, transistor ${transistor ? "on" : "off"}${lines?.strobe_out.pulse ? ", in a pulse" : ""}</text>
      <text x="280" y="185">Housing ${lens ? `${number(lens.housing_c, 3)} °C` : "–"}</text>
      <rect x="280" y="195" width="200" height="12" rx="6" class="scale" />
      <rect x="280" y="195" width=${Math.max(0, Math.min(200, ((lens?.housing_c ?? 0) / 80) * 200))} height="12" rx="6" class="warm" />
      <text x="280" y="224" class="small">0 °C</text><text x="450" y="224" class="small">80 °C</text>
    </svg>
    <dl class="cards">
      <div><dt>Status LED</dt><dd>${words}</dd></div>
      <div><dt>Link LED</dt><dd>${leds?.rj45_green ? "on" : "off"}</dd></div>
      <div><dt>Traffic LED</dt><dd>${leds?.rj45_orange ? "on" : "off"}</dd></div>
    </dl>
    <p class="quiet">Blue: idle. Blue, blinking: it starts or looks for an address. Green: it waits for a trigger. Yellow: it sends. Red: a fault, which the number of flashes names.</p>`;
}
