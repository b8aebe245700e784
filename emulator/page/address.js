// The state of the page in its URL, behind the #: a link shows what its sender saw.
import { signal } from "/page/view.js";

const read = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

export const address = signal(read());

/** Changes some keys; an empty value removes one. */
export function go(changes) {
  const next = { ...address.value };
  for (const [key, value] of Object.entries(changes)) {
    if (value === "" || value === undefined || value === null || value === false) delete next[key];
    else next[key] = String(value);
  }
  if (JSON.stringify(next) === JSON.stringify(address.value)) return;
  history.replaceState(null, "", `#${new URLSearchParams(next)}`);
  address.value = next;
}

addEventListener("hashchange", () => (address.value = read()));
