// The journal: commands of clients and events of the camera, decoded, as they come.
import { html, useEffect, useRef, useSignal } from "/page/view.js";
import { address, go } from "/page/address.js";
import { get, readOnly, remove } from "/page/api.js";
import { attempt } from "/page/alerts.js";
import { listen, onLost } from "/page/events.js";
import { clock, number } from "/page/units.js";

const kShown = 300, kPart = 5000;
const kGathered_ms = 100; // entries that come together are asked for together
const kFilters = ["client", "command", "feature", "status", "fault"];

const valueText = (value) => (typeof value === "number" ? number(value, 8) : JSON.stringify(value));

/** What a command reads, writes or tells, in a few words. */
function content(entry) {
  const registers = [...(entry.writes ?? []).map((one) => [one, "="]), ...(entry.reads ?? []).map((one) => [one, "→"])];
  const parts = registers.map(([one, sign]) => {
    const name = one.feature ?? one.register ?? one.what ?? one.address;
    return `${name}${one.of ? ` (${one.of})` : ""}${one.value === undefined ? "" : ` ${sign} ${valueText(one.value)}`}`;
  });
  for (const event of entry.events ?? []) parts.push(`${event.feature ?? event.id}${event.block_id ? `, block ${event.block_id}` : ""}`);
  if (entry.first_packet !== undefined) parts.push(`block ${entry.block_id}, packets ${entry.first_packet} to ${entry.last_packet}`);
  const text = parts.join(", ");
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

const stateOf = (entry) => (entry.status === null || entry.status === undefined ? "none" : entry.status === "GEV_STATUS_SUCCESS" ? "ok" : "bad");

function Entry({ entry }) {
  const open = useSignal(false);
  return html`<tr class="entry ${stateOf(entry)}">
      <td class="mono"><button class="quiet" aria-expanded=${open.value} aria-label="Entry ${entry.number}, all of it" onClick=${() => (open.value = !open.value)}>${entry.number}</button></td>
      <td class="mono">${clock(entry.time_ns)}</td><td>${entry.client}</td><td>${entry.command}</td><td>${content(entry)}</td>
      <td>${(entry.status ?? "–").replace("GEV_STATUS_", "")}${entry.faults?.length ? ` (fault: ${entry.faults.join(", ")})` : entry.fault ? ` (fault: ${entry.fault})` : ""}</td>
      <td>${entry.answered_us === undefined || entry.answered_us === null ? "–" : `${number(entry.answered_us)} us`}</td></tr>
    ${open.value && html`<tr><td colspan="7"><pre>${JSON.stringify(entry, null, 1)}</pre></td></tr>`}`;
}

export function Journal() {
  const list = useSignal([]), end = useRef();
  const filters = Object.fromEntries(kFilters.map((key) => [key, address.value[`j_${key}`] ?? ""]));
  const filtered = Object.entries(filters).filter(([, value]) => value);
  const follow = address.value.j_follow !== "0";
  /** What fits of the entries from `since` on, as the server knows it. */
  const load = async (since) => {
    try {
      for (;;) {
        const answer = await get(`/journal?${new URLSearchParams([...filtered, ["since", since], ["limit", kPart]])}`);
        list.value = [...list.value.filter((one) => one.number < since), ...answer.entries].slice(-kShown);
        since = answer.next;
        if (answer.entries.length < kPart) return;
      }
    } catch {
      // Whether the server is there is shown once for the whole page.
    }
  };
  useEffect(() => {
    let from = 0, timer = 0; // entries from this one on are to be asked for
    const ask = async () => {
      while (from < Infinity) {
        const since = from;
        from = Infinity;
        await load(since);
      }
      timer = 0;
    };
    const need = (number) => {
      from = Math.min(from, number);
      timer ||= setTimeout(ask, kGathered_ms);
    };
    list.value = [];
    timer = setTimeout(ask);
    const ends = [onLost(() => need(0)), listen("journal", (entry) => need(entry.number ?? 0))];
    return () => {
      clearTimeout(timer);
      ends.forEach((one) => one());
    };
  }, [JSON.stringify(filters)]);
  useEffect(() => {
    if (follow) end.current?.scrollIntoView({ block: "nearest" });
  }, [list.value, follow]);
  return html`<h2>Journal</h2>
    <div class="filters">
      ${kFilters.map((key) => html`<label key=${key}>${key} <input type="text" size="12" value=${filters[key]} onChange=${(event) => go({ [`j_${key}`]: event.target.value })} /></label>`)}
      <label><input type="checkbox" checked=${follow} onChange=${(event) => go({ j_follow: event.target.checked ? "" : "0" })} /> Follow</label>
      <button disabled=${readOnly.value} onClick=${() => attempt(async () => { await remove("/journal"); list.value = []; })}>Forget all</button>
    </div>
    <p class="quiet">Filters are exact: a command as WRITEREG_CMD, a feature as ExposureTime, a status as GEV_STATUS_SUCCESS.</p>
    ${list.value.length === 0 ? html`<p class="quiet">No entry${filtered.length ? " fits" : ": no client has spoken to the camera yet"}.</p>`
      : html`<table class="journal"><thead><tr><th scope="col">No.</th><th scope="col">Time</th><th scope="col">Client</th><th scope="col">Command</th><th scope="col">Content</th><th scope="col">Status</th><th scope="col">Answered in</th></tr></thead>
      <tbody>${list.value.map((entry) => html`<${Entry} key=${entry.number} entry=${entry} />`)}</tbody></table>`}
    <div ref=${end}></div>`;
}
