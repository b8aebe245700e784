// The feature tree, as in the viewers that people know: categories, levels, search, favourites, and what differs.
import { html, signal, useEffect, useMemo, useSignal } from "/page/view.js";
import { address, go } from "/page/address.js";
import { feature, names } from "/page/features.js";
import { FeatureRow } from "/page/feature_editor.js";
import { usePoll } from "/page/poll.js";

const kLevels = ["beginner", "expert", "guru"];
const kFavourites = "gigemu-favourites";
const favourites = signal(new Set(JSON.parse(localStorage.getItem(kFavourites) ?? "[]")));

function Star({ name }) {
  const on = favourites.value.has(name);
  const toggle = () => {
    const next = new Set(favourites.value);
    if (!next.delete(name)) next.add(name);
    favourites.value = next;
    localStorage.setItem(kFavourites, JSON.stringify([...next]));
  };
  return html`<button class="star" aria-pressed=${on} aria-label="${name} is a favourite" title="Favourite" onClick=${toggle}>
    <span aria-hidden="true">${on ? "★" : "☆"}</span></button>`;
}

/** Values of the user set that are other ones, by feature. */
const differencesOf = (answer) => {
  const found = new Map();
  for (const one of answer?.differs ?? []) found.set(one.feature, [...(found.get(one.feature) ?? []), one]);
  return found;
};

function Difference({ list }) {
  if (!list) return null;
  return html`<span class="differs">user set: ${list.slice(0, 4).map((one) => `${one.selected ? `${one.selected}: ` : ""}${one.saved}`).join(", ")}${list.length > 4 ? " …" : ""}</span>`;
}

/** Its rows are made once it is open, and each category in a task of its own. */
function Category({ name, members, open, differences }) {
  const opened = useSignal(open), made = useSignal(false);
  useEffect(() => (opened.value = open), [open]);
  useEffect(() => {
    const timer = setTimeout(() => (made.value = opened.value));
    return () => clearTimeout(timer);
  }, [opened.value]);
  return html`<details class="category" open=${opened.value} onToggle=${(event) => (opened.value = event.target.open)}>
    <summary>${name.replace(/([a-z])([A-Z])/g, "$1 $2")} <span class="quiet">${members.length}</span></summary>
    ${made.value && members.map((one) => html`<div class="row" key=${one}><${Star} name=${one} />
      <${FeatureRow} name=${one} extra=${html`<${Difference} list=${differences.get(one)} />`} /></div>`)}
  </details>`;
}

export function FeatureTree() {
  const { level = "expert", search = "", only = "all" } = address.value;
  const userSet = usePoll("/user_set", 2000).value;
  const differences = useMemo(() => differencesOf(userSet), [userSet]);
  const most = kLevels.indexOf(level);
  const wanted = search.toLowerCase();
  const groups = new Map();
  for (const name of names.value) {
    const one = feature(name).peek();
    const visible = kLevels.indexOf(one.visibility);
    if (visible < 0 || (visible > most && !wanted)) continue;
    if (wanted && !`${name} ${one.tip}`.toLowerCase().includes(wanted)) continue;
    if (only === "favourites" && !favourites.value.has(name)) continue;
    if (only === "differs" && !differences.has(name)) continue;
    groups.set(one.category, [...(groups.get(one.category) ?? []), name]);
  }
  const open = !!wanted || only !== "all" || groups.size < 4;
  return html`<h2>Features</h2>
    <div class="filters">
      <label>Search <input type="search" value=${search} onInput=${(event) => go({ search: event.target.value })} /></label>
      <label>Level <select value=${level} onChange=${(event) => go({ level: event.target.value })}>
        ${kLevels.map((one) => html`<option value=${one}>${one}</option>`)}</select></label>
      <label>Show <select value=${only} onChange=${(event) => go({ only: event.target.value === "all" ? "" : event.target.value })}>
        <option value="all">all</option><option value="favourites">favourites</option>
        <option value="differs">differs from ${userSet?.user_set ?? "the user set"}</option></select></label>
    </div>
    ${[...groups].map(([name, members]) => html`<${Category} key=${name} name=${name} members=${members} open=${open || name === "LensControl" || name === "AcquisitionControl"} differences=${differences} />`)}
    ${groups.size === 0 && html`<p class="quiet">${names.value.length ? "No feature fits." : "The features are being read."}</p>`}`;
}
