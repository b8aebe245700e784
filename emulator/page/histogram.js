// Histogram of the digital numbers of what is seen, and the waveform of what is displayed.
import { html, useEffect, useRef, useSignal } from "/page/view.js";
import { get } from "/page/api.js";
import { picture } from "/page/picture_feed.js";
import { Plot } from "/page/plot.js";
import { count, number } from "/page/units.js";

const kColours = { red: "#e0524f", green: "#3aa655", blue: "#4b86e8" };
const kPeriod_ms = 700;
const kWaveformRows = 120;

function Waveform() {
  const place = useRef();
  useEffect(() => {
    const to = place.current;
    if (!to || !picture.value) return;
    // Of the picture as it came, without what is laid over it.
    const from = new OffscreenCanvas(to.width, kWaveformRows), context = from.getContext("2d");
    context.drawImage(picture.value.bitmap, 0, 0, from.width, from.height);
    const source = context.getImageData(0, 0, from.width, from.height).data;
    const image = new ImageData(to.width, to.height);
    image.data.fill(255);
    for (let i = 0; i < image.data.length; i += 4) image.data[i] = image.data[i + 1] = image.data[i + 2] = 16;
    for (let x = 0; x < to.width; ++x) {
      for (let y = 0; y < from.height; ++y) {
        const at = 4 * (y * from.width + x);
        for (let channel = 0; channel < 3; ++channel) {
          const row = to.height - 1 - Math.floor((source[at + channel] * (to.height - 1)) / 255);
          const pixel = 4 * (row * to.width + x) + channel;
          image.data[pixel] = Math.min(255, image.data[pixel] + 48);
        }
      }
    }
    to.getContext("2d").putImageData(image, 0, 0);
  }, [picture.value]);
  return html`<figure class="plot"><figcaption>Waveform of the display: 0 to 255 over the columns</figcaption>
    <canvas ref=${place} width="400" height="128" class="waveform" role="img" aria-label="Waveform"></canvas></figure>`;
}

export function Histogram({ view }) {
  const answer = useSignal(null);
  const region = useRef();
  region.current = view.scale <= view.fit * 1.001 ? "" : Object.entries(view.region).map(([key, value]) => `&${key}=${value}`).join("");
  useEffect(() => {
    let busy = false, last = "";
    const ask = async () => {
      const key = `${picture.value?.about.picture}${region.current}`;
      if (busy || !picture.value || key === last || document.visibilityState !== "visible") return;
      busy = true;
      last = key;
      try {
        answer.value = await get(`/preview/statistics?picture=${picture.value.about.picture}${region.current}`);
      } catch {
        last = ""; // the picture is gone: the next one is asked for
      }
      busy = false;
    };
    ask();
    const timer = setInterval(ask, kPeriod_ms);
    return () => clearInterval(timer);
  }, []);
  const now = answer.value;
  if (!now) return html`<p class="quiet">The histogram is being counted.</p>`;
  const scale = 2 ** (now.bits - 8);
  const data = [now.colours[0].bins.map((_, i) => i * scale), ...now.colours.map((one) => one.bins.map((n) => n || null))];
  return html`<div class="histogram">
    <${Plot} label="Histogram, digital numbers of ${now.bits} bit" x="digital number" y="pixels" data=${data} log
      series=${now.colours.map((one) => ({ label: one.colour, colour: kColours[one.colour] }))} />
    <${Waveform} />
    <table class="compact"><caption>Digital numbers of what is seen</caption>
      <thead><tr><th scope="col">Colour</th><th scope="col">Mean</th><th scope="col">Deviation</th><th scope="col">Range</th><th scope="col">Clipped</th></tr></thead>
      <tbody>${now.colours.map((one) => html`<tr key=${one.colour}><th scope="row">${one.colour}</th>
        <td>${number(one.mean)} DN</td><td>${number(one.deviation, 3)} DN</td><td>${one.min} to ${one.max} DN</td>
        <td>${count(one.clipped)} px</td></tr>`)}</tbody></table>
  </div>`;
}
