// Why the page cannot do its work at the moment: the server is gone, wants a token, or serves read-only.
import { html, useEffect, useRef } from "/page/view.js";
import { get, reach, readOnly, setToken } from "/page/api.js";

function TokenForm() {
  const field = useRef();
  useEffect(() => field.current.focus(), []);
  const send = (event) => {
    event.preventDefault();
    setToken(field.current.value);
    get("").catch(() => {});
  };
  return html`<form class="banner token" onSubmit=${send} aria-label="Token">
    <label for="token">This camera asks for its token: the first line of the file that --http-token-file names.</label>
    <input id="token" type="password" autocomplete="off" ref=${field} required />
    <button type="submit">Continue</button>
  </form>`;
}

export function Access() {
  useEffect(() => {
    const timer = setInterval(() => {
      if (reach.value === "no") get("").catch(() => {});
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  if (reach.value === "token") return html`<${TokenForm} />`;
  if (reach.value === "no")
    return html`<p class="banner error" role="alert">gigemu does not answer. Is it still running? The page goes on by itself as soon as it does.</p>`;
  if (readOnly.value)
    return html`<p class="banner" role="status">This camera is served read-only (--http-read-only): everything can be seen, and nothing can be changed.</p>`;
  return null;
}
