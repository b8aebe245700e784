// Network: link, control and its heartbeat, the stream, and PTP.
import { html, useEffect, useRef, useSignal } from "/page/view.js";
import { usePoll } from "/page/poll.js";
import { Plot } from "/page/plot.js";
import { count, number } from "/page/units.js";

const kPoints = 600;

function Facts({ title, list }) {
  return html`<h3>${title}</h3><dl class="cards wide">${list.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function Heartbeat({ control }) {
  if (!control.controller) return html`<p class="quiet">Nobody controls the camera.</p>`;
  if (control.heartbeat_ms === null) return html`<p>The heartbeat is switched off: control ends only when the client gives it up.</p>`;
  return html`<label class="rate">Heartbeat: last command ${number(control.heard_ms, 3)} ms ago, control ends in ${number(Math.max(0, control.left_ms), 3)} ms
    <progress max=${control.heartbeat_ms} value=${Math.max(0, control.left_ms)}></progress></label>`;
}

/** Differences between two answers, per second. */
function useRates(now) {
  const before = useRef(null), points = useRef([[], [], [], []]), data = useSignal(null);
  useEffect(() => {
    if (!now) return;
    const at = performance.now() / 1000, last = before.current;
    before.current = { at, stream: now.stream };
    if (!last || at - last.at < 0.05) return;
    const per = (key) => Math.max(0, (now.stream[key] - last.stream[key]) / (at - last.at));
    const row = [at, per("packets"), per("packets_resent"), now.ptp.offset_ns];
    points.current = points.current.map((list, i) => [...list, row[i]].slice(-kPoints));
    data.value = points.current;
  }, [now]);
  return data.value;
}

export function Network() {
  const now = usePoll("/network", 500).value;
  const camera = usePoll("", 1000).value;
  const rates = useRates(now);
  if (!now || !camera) return html`<p class="quiet">The state of the network is being read.</p>`;
  const { link, control, stream, ptp } = now;
  const packets = rates?.[1].at(-1) ?? 0;
  const times = rates?.[0].map((at) => at - rates[0].at(-1));
  return html`<h2>Network</h2>
    <${Facts} title="Link and control" list=${[
      ["Link", !link.powered ? "no power" : link.cable_out ? "cable pulled" : `${link.speed_mbps} Mbit/s`],
      ["Address", camera.address], ["MAC", camera.mac], ["Controller", control.controller ?? "nobody"],
      ["Events go to", now.messages_to ?? "nobody"]]} />
    <${Heartbeat} control=${control} />
    <${Facts} title="Stream" list=${[
      ["To", stream.to ?? "closed"], ["Packets", count(stream.packets)], ["Pace", `${count(Math.round(packets))} packets/s`],
      ["Rate", `${number((packets * stream.packet_size_bytes * 8) / 1e6, 4)} Mbit/s`],
      ["Packet size", `${stream.packet_size_bytes} bytes`], ["Packet delay", `${stream.packet_delay_ticks} ticks`],
      ["Resend requests", count(stream.resend_requests)], ["Resent", `${count(stream.packets_resent)} packets`],
      ["Refused", `${count(stream.packets_refused)} packets`], ["Frames dropped", count(camera.counts.frames_dropped)]]} />
    ${rates && html`<${Plot} label="Packets of the stream" x="seconds ago" y="per second" data=${[times, rates[1], rates[2]]}
      series=${[{ label: "sent", colour: "#3b82d6" }, { label: "sent again", colour: "#d1495b" }]} />`}
    <${Facts} title="PTP (IEEE 1588)" list=${[
      ["State", ptp.state], ["Grandmaster", ptp.grandmaster], ["Offset", ptp.offset_ns === null ? "–" : `${count(ptp.offset_ns)} ns`],
      ["Path delay", ptp.path_delay_ns === null ? "–" : `${count(ptp.path_delay_ns)} ns`], ["Rate", `${number(ptp.rate_ppb, 5)} ppb`]]} />
    ${rates?.[3].some((one) => one !== null) ? html`<${Plot} label="Offset from the master" x="seconds ago" y="ns" data=${[times, rates[3]]} series=${[{ label: "offset", colour: "#2f9e66" }]} />`
      : html`<p class="quiet">There is no offset to plot: the camera follows no master.</p>`}`;
}
