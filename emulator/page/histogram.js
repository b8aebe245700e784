// Histogram and waveform of what is seen: of its digital numbers, or of what is displayed.
import { html, useEffect, useRef, useSignal } from "/page/view.js";
import { address, go } from "/page/address.js";
import { fetchFrom, get } from "/page/api.js";
import { neutral, picture } from "/page/picture_feed.js";
import { Plot } from "/page/plot.js";
import { count, number } from "/page/units.js";

const kColours = { red: "#e0524f", green: "#3aa655", blue: "#4b86e8" };
const kPeriod_ms = 700;

/** {statistics, waveform} of the part that is seen, counted again while pictures come; null before the first. */
function useCounts(query) {
  const counts = useSignal(null), wanted = useRef();
  wanted.current = query;
  useEffect(() => {
    let last = "", timer = 0, gone = false;
    const ask = async () => {
      const key = picture.value ? `picture=${picture.value.about.picture}${wanted.current}` : "";
      if (key !== last && document.visibilityState === "visible") {
        try {
          const [statistics, waveform] = await Promise.all([get(`/preview/statistics?${key}`), fetchFrom(`/preview/waveform?${key}`).then((one) => one.blob())]);
          counts.value = { statistics, waveform: await createImageBitmap(waveform) };
          last = key;
        } catch {
          // The picture is gone: the next one is asked for.
        }
      }
      if (!gone) timer = setTimeout(ask, kPeriod_ms);
    };
    ask();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, []);
  return counts.value;
}

function Waveform({ image, display }) {
  const place = useRef();
  useEffect(() => {
    const context = place.current.getContext("2d");
    context.fillStyle = "#101010";
    context.fillRect(0, 0, 400, 128);
    context.globalCompositeOperation = "lighter";
    context.drawImage(image, 0, 0, 400, 128);
    context.globalCompositeOperation = "source-over";
    return () => image.close();
  }, [image]);
  return html`<figure class="plot"><figcaption>Waveform, ${display ? "0 to 255 as displayed" : "all digital numbers"} over the columns</figcaption>
    <canvas ref=${place} width="400" height="128" class="waveform" role="img" aria-label="Waveform"></canvas></figure>`;
}

export function Histogram({ view }) {
  const display = address.value.of === "display";
  const region = view.scale <= view.fit * 1.001 ? "" : Object.entries(view.region).map(([key, value]) => `&${key}=${value}`).join("");
  const counts = useCounts(`${region}${display ? `&of=display&neutral=${neutral()}` : ""}`);
  const unit = display ? "" : " DN";
  const choice = html`<label class="choice">Count <select aria-label="Count" value=${display ? "display" : "dn"} onChange=${(event) => go({ of: event.target.value === "display" ? "display" : "" })}>
    <option value="dn">digital numbers</option><option value="display">what is displayed</option></select></label>`;
  if (!counts) return html`<div class="histogram">${choice}<p class="quiet">The histogram is being counted.</p></div>`;
  const { statistics: now, waveform } = counts;
  const scale = 2 ** (now.bits - 8);
  const data = [now.colours[0].bins.map((_, i) => i * scale), ...now.colours.map((one) => one.bins.map((n) => n || null))];
  return html`<div class="histogram">${choice}
    <${Plot} label="Histogram, ${now.bits} bit${display ? ", as displayed" : ""}" x=${display ? "displayed value" : "digital number"} y="pixels" data=${data} log
      series=${now.colours.map((one) => ({ label: one.colour, colour: kColours[one.colour] }))} />
    <${Waveform} image=${waveform} display=${display} />
    <table class="compact"><caption>${display ? "What is displayed" : "Digital numbers of what is seen"}</caption>
      <thead><tr><th scope="col">Colour</th><th scope="col">Mean</th><th scope="col">Deviation</th><th scope="col">Range</th><th scope="col">Clipped</th></tr></thead>
      <tbody>${now.colours.map((one) => html`<tr key=${one.colour}><th scope="row">${one.colour}</th>
        <td>${number(one.mean)}${unit}</td><td>${number(one.deviation, 3)}${unit}</td><td>${one.min} to ${one.max}${unit}</td>
        <td>${count(one.clipped)} px</td></tr>`)}</tbody></table>
  </div>`;
}
