// Light or dark: as the system has it, or as it was chosen here.
import { html, signal } from "/page/view.js";

const kKey = "gigemu-theme";
const theme = signal(localStorage.getItem(kKey) ?? "system");
const kNext = { system: "light", light: "dark", dark: "system" };
const kSign = { system: "◐", light: "☀", dark: "☾" };

export function applyTheme() {
  if (theme.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}

export function ThemeButton() {
  const next = () => {
    theme.value = kNext[theme.value];
    localStorage.setItem(kKey, theme.value);
    applyTheme();
  };
  return html`<button class="quiet" title="Colours: ${theme.value}" aria-label="Colours: ${theme.value}. Change" onClick=${next}>
    <span aria-hidden="true">${kSign[theme.value]}</span>
  </button>`;
}
