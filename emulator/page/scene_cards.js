// The scenes as cards with pictures, and the upload of others.
import { html, signal, useEffect, useSignal } from "/page/view.js";
import { fetchFrom, get, put, readOnly } from "/page/api.js";
import { attempt, tell } from "/page/alerts.js";
import { write } from "/page/features.js";
import { words } from "/page/units.js";

const pictures = new Map(); // name -> URL of its picture
const withLens = signal(true);

function Picture({ name, order }) {
  const url = useSignal(pictures.get(name) ?? "");
  useEffect(() => {
    if (url.value) return undefined;
    const stop = new AbortController();
    // One after the other: each is rendered when it is asked for.
    const timer = setTimeout(async () => {
      try {
        const blob = await (await fetchFrom(`//scenes/${encodeURIComponent(name)}/picture`, { signal: stop.signal, priority: "low" })).blob();
        pictures.set(name, (url.value = URL.createObjectURL(blob)));
      } catch {
        // The card stays without a picture.
      }
    }, 300 * order);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, []);
  return url.value ? html`<img src=${url.value} alt="" />` : html`<span class="blank" aria-hidden="true"></span>`;
}

const kSuggested = [["zoom", "Zoom"], ["focus", "Focus"], ["iris", "Iris"], ["exposure_us", "ExposureTime", "ExposureAuto"], ["gain_db", "Gain", "GainAuto"]];

/** Puts a scene before the camera, with lens and exposure as the scene suggests them. */
async function choose(name) {
  const { content } = await put("//world", { scene: name });
  if (!withLens.value) return;
  for (const [key, feature, automatic] of kSuggested) {
    if (content.camera?.[key] === undefined) continue;
    if (automatic && !(await write(automatic, "Off"))) return;
    if (!(await write(feature, content.camera[key]))) return;
  }
}

async function take(file, reload) {
  const name = file.name.replace(/\.[^.]*$/, "").toLowerCase().replace(/[^a-z0-9_-]+/g, "_");
  if (/json$/.test(file.name)) {
    await put(`//scenes/${name}`, JSON.parse(await file.text()));
    tell(`The scene ${name} is kept, until gigemu ends.`, { kind: "good" });
  } else {
    // A scene of its own: the picture on a plane, as the scene "picture" has it.
    const { content } = await get("//scenes/picture");
    const item = content.items.find((one) => one.kind === "picture");
    item.file = file.name;
    content.title = file.name;
    const form = new FormData();
    form.append("scene", new Blob([JSON.stringify(content)], { type: "application/json" }));
    form.append(file.name, file, file.name);
    await fetchFrom(`//scenes/${name}`, { method: "PUT", body: form });
    await put("//world", { scene: name });
    tell(`The picture ${file.name} stands before the camera.`, { kind: "good" });
  }
  reload();
}

export function SceneCards({ chosen }) {
  const scenes = useSignal([]), over = useSignal(false);
  const load = () => get("//scenes").then((answer) => (scenes.value = answer.scenes), () => {});
  useEffect(() => {
    load();
  }, []);
  const files = (list) => attempt(async () => {
    for (const file of list) await take(file, load);
  });
  return html`<label><input type="checkbox" checked=${withLens.value} onChange=${(event) => (withLens.value = event.target.checked)} /> with lens and exposure as the scene suggests them</label>
    <div class="scenes ${over.value ? "over" : ""}" role="group" aria-label="Scenes"
      onDragOver=${(event) => { event.preventDefault(); over.value = true; }} onDragLeave=${() => (over.value = false)}
      onDrop=${(event) => { event.preventDefault(); over.value = false; files(event.dataTransfer.files); }}>
    ${scenes.value.map((one, order) => html`<button key=${one.name} class="scene" aria-pressed=${one.name === chosen} disabled=${readOnly.value}
      onClick=${() => attempt(() => choose(one.name))}><${Picture} name=${one.name} order=${order} />${words(one.name)}</button>`)}
    <label class="scene upload">Drop a scene (JSON) or a picture here, or choose one
      <input type="file" accept=".json,.png,.jpg,.jpeg" disabled=${readOnly.value} onChange=${(event) => files(event.target.files)} /></label>
  </div>`;
}
