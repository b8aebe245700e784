// The beginning of the page.
import { html, render } from "/page/view.js";
import { serial, setToken } from "/page/api.js";
import { address, go } from "/page/address.js";
import { App } from "/page/app.js";
import { applyTheme } from "/page/theme.js";

// A link may bring a token behind the #, which no server and no log gets to see.
if (address.value.token) {
  setToken(address.value.token);
  go({ token: "" });
}
// Another camera is another page: nothing of the one before may stay.
serial.value = address.value.camera ?? "";
address.subscribe((now) => (now.camera ?? "") !== serial.value && location.reload());
applyTheme();
const page = document.getElementById("page");
page.textContent = "";
render(html`<${App} />`, page);
