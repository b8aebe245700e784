// The page as a whole: header, live view, and the panel that was chosen.
import { html, useEffect } from "/page/view.js";
import { address, go } from "/page/address.js";
import { get, readOnly } from "/page/api.js";
import { Alerts } from "/page/alerts.js";
import { Access } from "/page/access.js";
import { useFeatures } from "/page/features.js";
import { Header } from "/page/header.js";
import { LiveView } from "/page/live_view.js";
import { panels } from "/page/panels.js";

function Tabs({ chosen }) {
  const step = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = panels.findIndex((one) => one.name === chosen.name);
    const next = panels[(at + by + panels.length) % panels.length];
    go({ panel: next.name });
    document.getElementById(`tab-${next.name}`).focus();
  };
  return html`<div class="tabs" role="tablist" aria-label="Panels" onKeyDown=${step}>
    ${panels.map(
      (one) => html`<button
        key=${one.name} id="tab-${one.name}" role="tab" aria-selected=${one === chosen} aria-controls="panel"
        tabindex=${one === chosen ? 0 : -1} onClick=${() => go({ panel: one.name })}>${one.title}</button>`,
    )}
  </div>`;
}

export function App() {
  useFeatures();
  useEffect(() => {
    get("//access").then((access) => (readOnly.value = access.read_only), () => {});
  }, []);
  const chosen = panels.find((one) => one.name === address.value.panel) ?? panels[0];
  useEffect(() => {
    const tab = document.getElementById(`tab-${chosen.name}`), tabs = tab.parentElement;
    tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
  }, [chosen]);
  return html`
    <a class="skip" href="#panel" onClick=${(event) => { event.preventDefault(); document.getElementById("panel").focus(); }}>To the panel</a>
    <${Header} />
    <${Access} />
    <main class=${chosen.wide ? "wide" : ""}>
      <${LiveView} />
      <section class="side" aria-label="Panel">
        <${Tabs} chosen=${chosen} />
        <div id="panel" class="panel" role="tabpanel" aria-labelledby="tab-${chosen.name}" tabindex="0">
          <${chosen.component} key=${chosen.name} />
        </div>
      </section>
    </main>
    <${Alerts} />`;
}
