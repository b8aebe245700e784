// A plot of lines (uPlot) that follows its place and the colours of the page.
import { html, useEffect, useRef } from "/page/view.js";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const axis = (text, log) => ({
  label: text, stroke: () => colour("--text-quiet"), grid: { show: !log, stroke: () => colour("--line"), width: 1 }, ticks: { stroke: () => colour("--line"), width: 1 },
  labelSize: 16, size: 58, font: "11px system-ui", labelFont: "11px system-ui",
});

/** `series` are [{label, colour, unit}]; `data` is [x, y...] as uPlot has it. */
export function Plot({ label, data, series, x = "", y = "", height = 150, time = false, log = false }) {
  const place = useRef(), plot = useRef(), latest = useRef();
  latest.current = data;
  useEffect(() => {
    const to = place.current, size = () => ({ width: Math.max(120, to.clientWidth), height });
    const watch = new ResizeObserver(() => plot.current?.setSize(size()));
    let gone = false;
    // The first picture does not wait for it.
    import("/page/uplot.js").then(({ default: uPlot }) => {
      if (gone) return;
      const options = {
        ...size(),
        scales: { x: { time }, y: log ? { distr: 3, log: 10 } : {} },
        axes: [{ ...axis(x, log), size: 34 }, axis(y, log)],
        series: [{ label: x }, ...series.map((one) => ({ label: one.label, stroke: one.colour, width: 1.5, points: { show: false } }))],
        legend: { show: false },
        cursor: { drag: { x: false, y: false } },
      };
      plot.current = new uPlot(options, latest.current, to);
      watch.observe(to);
    });
    return () => {
      gone = true;
      watch.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [series.length, log, x]);
  useEffect(() => plot.current?.setData(data), [data]);
  return html`<figure class="plot"><figcaption>${label}
      ${series.map((one) => html`<span class="key" style=${{ borderColor: one.colour }}>${one.label}</span>`)}</figcaption>
    <div ref=${place} role="img" aria-label=${label}></div></figure>`;
}
