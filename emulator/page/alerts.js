// What the user must know: refused requests and results, each with what can be done about it.
import { html, signal } from "/page/view.js";
import { Gone } from "/page/api.js";

const alerts = signal([]);
let number = 0;

const drop = (id) => (alerts.value = alerts.value.filter((one) => one.id !== id));

/** `action` is {text, act}: a button beside the sentence. */
export function tell(text, { kind = "error", action } = {}) {
  const id = ++number;
  alerts.value = [...alerts.value.filter((one) => one.text !== text).slice(-2), { id, text, kind, action }];
  setTimeout(() => drop(id), action ? 30000 : kind === "error" ? 12000 : 5000);
}

/** Runs it; what goes wrong is told, and the result is undefined then. */
export async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    if (error.name !== "AbortError" && !(error instanceof Gone)) tell(error.message);
    return undefined;
  }
}

export function Alerts() {
  return html`<div class="alerts" role="region" aria-label="Messages" aria-live="polite">
    ${alerts.value.map(
      (one) => html`<div key=${one.id} class="alert ${one.kind}" role=${one.kind === "error" ? "alert" : "status"}>
        <span>${one.text}</span>
        ${one.action && html`<button onClick=${() => { drop(one.id); one.action.act(); }}>${one.action.text}</button>`}
        <button class="quiet" aria-label="Close message" onClick=${() => drop(one.id)}>×</button>
      </div>`,
    )}
  </div>`;
}
