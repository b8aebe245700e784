// The beginning of the page.
import { html, render } from "/page/view.js";
import { setToken } from "/page/api.js";
import { address, go } from "/page/address.js";
import { App } from "/page/app.js";
import { applyTheme } from "/page/theme.js";

// A link may bring a token behind the #, which no server and no log gets to see.
if (address.value.token) {
  setToken(address.value.token);
  go({ token: "" });
}
applyTheme();
const page = document.getElementById("page");
page.textContent = "";
render(html`<${App} />`, page);
