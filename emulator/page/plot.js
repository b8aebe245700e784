// A plot of lines (uPlot) that follows its place and the colours of the page.
import { html, uPlot, useEffect, useRef } from "/page/view.js";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** `series` are [{label, colour, unit}]; `data` is [x, y...] as uPlot has it. */
export function Plot({ label, data, series, x = "", y = "", height = 150, time = false, log = false }) {
  const place = useRef(), plot = useRef();
  useEffect(() => {
    const axis = (text) => ({ label: text, stroke: () => colour("--text-quiet"), grid: { show: !log, stroke: () => colour("--line"), width: 1 }, ticks: { stroke: () => colour("--line"), width: 1 }, labelSize: 16, size: 58, font: "11px system-ui", labelFont: "11px system-ui" });
    plot.current = new uPlot(
      {
        width: Math.max(120, place.current.clientWidth), height,
        scales: { x: { time }, y: log ? { distr: 3, log: 10 } : {} },
        axes: [{ ...axis(x), size: 34 }, axis(y)],
        series: [{ label: x }, ...series.map((one) => ({ label: one.label, stroke: one.colour, width: 1.5, points: { show: false } }))],
        legend: { show: false },
        cursor: { drag: { x: false, y: false } },
      },
      data, place.current,
    );
    const watch = new ResizeObserver(() => plot.current.setSize({ width: Math.max(120, place.current.clientWidth), height }));
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      plot.current.destroy();
    };
  }, [series.length, log]);
  useEffect(() => plot.current?.setData(data), [data]);
  return html`<figure class="plot"><figcaption>${label}
      ${series.map((one) => html`<span class="key" style=${{ borderColor: one.colour }}>${one.label}</span>`)}</figcaption>
    <div ref=${place} role="img" aria-label=${label}></div></figure>`;
}
