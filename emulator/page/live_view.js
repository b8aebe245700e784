// Live view: what the camera sees, with tools to look closer, to focus, and to draw regions.
import { html, useEffect, useRef, useSignal } from "/page/view.js";
import { address, go } from "/page/address.js";
import { askNow, follow, neutral, paused, picture, pictureError } from "/page/picture_feed.js";
import { pan, viewport, zoomAbout } from "/page/viewport.js";
import { drawOverlays, overlayData } from "/page/overlays.js";
import { markPixels } from "/page/image_marks.js";
import { drawPixelValues, valuesFor } from "/page/pixel_values.js";
import { LiveTools, tool } from "/page/live_tools.js";
import { beginDrag, endDrag, moveDrag, drawDrag } from "/page/picture_drag.js";
import { Histogram } from "/page/histogram.js";
import { LineProfile } from "/page/line_profile.js";
import { clock } from "/page/units.js";

const kNominal = { width: 2048, height: 1536 };

function Caption({ about, place }) {
  if (!about) return html`<p class="caption" aria-live="off">${pictureError.value || "The first picture is being exposed."}</p>`;
  const from = about.source === "stream" ? `Stream, block ${about.block_id}` : about.draft ? "Exposed for this page, being refined" : "Exposed for this page";
  return html`<p class="caption">
    <span class="source ${about.source}">${paused() ? "Paused: " : ""}${from}</span>
    <span>${clock(about.time_ns)}</span>
    <span>${about.width} × ${about.height} px, ${about.bits} bit</span>
    ${place && html`<span class="place">x ${Math.floor(place[0])}, y ${Math.floor(place[1])} px</span>`}
    ${pictureError.value && html`<span class="wrong">${pictureError.value}</span>`}
  </p>`;
}

function draw(canvas, view, shown, drag) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#15191f";
  context.fillRect(0, 0, canvas.width, canvas.height);
  const { bitmap, about } = shown;
  const [x, y, w, h] = about.region;
  const [left, top] = view.toCanvas(x, y);
  const [right, bottom] = view.toCanvas(x + w, y + h);
  context.imageSmoothingEnabled = view.scale < 2;
  context.drawImage(bitmap, left, top, right - left, bottom - top);
  markPixels(context, canvas);
  drawPixelValues(context, view, about);
  drawOverlays(context, view, about);
  drawDrag(context, view, drag);
}

/** Keys of the picture: all that the mouse does there. */
function keyOf(event, view) {
  const step = 40;
  const acts = {
    "+": () => zoomAbout(view, 1.5, view.canvas.width / 2, view.canvas.height / 2),
    "=": () => zoomAbout(view, 1.5, view.canvas.width / 2, view.canvas.height / 2),
    "-": () => zoomAbout(view, 1 / 1.5, view.canvas.width / 2, view.canvas.height / 2),
    0: () => go({ zoom: "", x: "", y: "" }),
    1: () => zoomAbout(view, 1 / view.scale, view.canvas.width / 2, view.canvas.height / 2),
    ArrowLeft: () => pan(view, step, 0),
    ArrowRight: () => pan(view, -step, 0),
    ArrowUp: () => pan(view, 0, step),
    ArrowDown: () => pan(view, 0, -step),
    " ": () => go({ pause: paused() ? "" : "1" }),
    Enter: () => endDrag({ tool: tool(), from: [view.cx, view.cy], to: [view.cx, view.cy] }, view),
  };
  const act = acts[event.key];
  if (!act || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  act();
}

export function LiveView() {
  const canvas = useRef(), size = useSignal({ width: 640, height: 480 });
  const place = useSignal(null), drag = useSignal(null);
  const image = picture.value ? { width: picture.value.about.width, height: picture.value.about.height } : kNominal;
  const view = viewport(size.value, image);
  const latest = useRef();
  latest.current = view;

  useEffect(() => {
    const watch = new ResizeObserver(() => {
      const ratio = Math.min(2, devicePixelRatio);
      const box = canvas.current.getBoundingClientRect();
      size.value = { width: Math.max(64, Math.round(box.width * ratio)), height: Math.max(48, Math.round(box.height * ratio)) };
    });
    watch.observe(canvas.current);
    const end = follow(() => {
      const now = latest.current;
      const whole = now.scale <= now.fit * 1.001;
      const width = Math.min(2048, Math.max(16, Math.ceil((whole ? now.image.width : now.region.w) * now.scale)));
      return { region: whole ? null : now.region, width };
    });
    const wheel = (event) => {
      event.preventDefault();
      const [x, y] = at(event);
      zoomAbout(latest.current, Math.exp(-event.deltaY / 300), x, y);
    };
    canvas.current.addEventListener("wheel", wheel, { passive: false });
    return () => {
      watch.disconnect();
      end();
    };
  }, []);
  useEffect(askNow, [address.value.zoom, address.value.x, address.value.y, address.value.pause, neutral(), size.value]);
  useEffect(() => {
    if (picture.value) draw(canvas.current, view, picture.value, drag.value);
  }, [picture.value, size.value, address.value, drag.value, overlayData.value, valuesFor.value]);

  const at = (event) => {
    const box = canvas.current.getBoundingClientRect();
    const ratio = canvas.current.width / box.width;
    return [(event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio];
  };
  const down = (event) => {
    if (event.button !== 0) return;
    canvas.current.setPointerCapture(event.pointerId);
    drag.value = beginDrag(tool(), view, at(event));
  };
  const move = (event) => {
    const here = at(event);
    place.value = view.toImage(...here);
    if (drag.value) drag.value = moveDrag(drag.value, view, here);
  };
  const up = () => {
    if (!drag.value) return;
    endDrag(drag.value, view);
    drag.value = null;
  };
  return html`<section class="live" aria-label="Live view">
    <${LiveTools} view=${view} />
    <div class="picture">
      <canvas ref=${canvas} width=${size.value.width} height=${size.value.height} tabindex="0" role="img" class="tool-${tool()}"
        aria-label="What the camera sees. Plus and minus zoom, arrows move, 0 shows all, space pauses, Enter uses the tool in the middle."
        onPointerDown=${down} onPointerMove=${move} onPointerUp=${up} onPointerCancel=${up} onPointerLeave=${() => (place.value = null)}
        onKeyDown=${(event) => keyOf(event, view)} onDblClick=${(event) => zoomAbout(view, 2, ...at(event))}></canvas>
    </div>
    <${Caption} about=${picture.value?.about} place=${place.value} />
    <div class="below">
      ${address.value.histogram && html`<${Histogram} view=${view} />`}
      ${address.value.profile && html`<${LineProfile} />`}
    </div>
  </section>`;
}
