#!/usr/bin/env python3
"""A page of a foreign site in a real browser: whatever it tries, it reads nothing of the camera and changes nothing.

Chromium opens a page of another origin, and the same page under a name that was rebound to the camera's own address and
port. Each attempt says on the page what came of it. A page of the camera's own origin shows that the attempts work.
"""

from __future__ import annotations

import contextlib
import http.server
import json
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.request
from collections.abc import Iterator

from camera import Camera
from checks import Checks

CAMERA, SITE = "127.0.0.1", "127.0.0.2"
PORT, SITE_PORT = 18320, 18321
BOUND_S = 120.0
# Every way in which a page can ask, without the browser's asking first: simple requests.
PAGE = """<!doctype html><title>evil</title><iframe name="hole"></iframe><pre id="out"></pre><script>
const target = "TARGET", body = '{"width_us": 100}', said = [];
const tell = (way, what) => said.push(way + "=" + what);
const get = ["/api/v1/camera", "/api/v1/camera/signals", "/api/v1/camera/truth"].map(path => fetch(target + path)
  .then(a => a.text()).then(t => tell("fetch" + path, "read " + t.length), () => tell("fetch" + path, "nothing")));
const opaque = fetch(target + "/api/v1/camera", {mode: "no-cors"})
  .then(a => a.text()).then(t => tell("no-cors", t ? "read " + t.length : "nothing"), () => tell("no-cors", "nothing"));
const posts = ["text/plain", "application/x-www-form-urlencoded", "application/json"].map(type =>
  ["no-cors", "cors"].map(mode => fetch(target + "/api/v1/camera/lines/trigger_in/pulse", {method: "POST", mode, body, headers: {"Content-Type": type}})
    .then(a => a.text()).then(t => tell("post " + mode + " " + type, t ? "read " + t.length : "nothing"),
                              () => tell("post " + mode + " " + type, "nothing")))).flat();
const put = fetch(target + "/api/v1/camera/lines/trigger_in", {method: "PUT", body: '{"high": true}'})
  .then(a => a.text()).then(t => tell("put", "read " + t.length), () => tell("put", "nothing"));
const xhr = new Promise(done => {
  const x = new XMLHttpRequest(); x.open("POST", target + "/api/v1/camera/lines/trigger_in/train");
  x.onload = () => { tell("xhr", "read " + x.responseText.length); done(); };
  x.onerror = () => { tell("xhr", "nothing"); done(); };
  x.send('{"period_us": 1000, "width_us": 10, "count": 3}');
});
const events = new Promise(done => {
  const e = new EventSource(target + "/api/v1/camera/signals");
  e.onmessage = () => { tell("events", "read"); done(); }; e.onerror = () => { e.close(); tell("events", "nothing"); done(); };
});
const web_socket = new Promise(done => {
  const w = new WebSocket(target.replace("http", "ws") + "/api/v1/camera/signals");
  w.onopen = () => { tell("socket", "read"); done(); }; w.onerror = () => { tell("socket", "nothing"); done(); };
});
const script = new Promise(done => {
  const s = document.createElement("script"); s.src = target + "/api/v1/camera";
  s.onload = () => { tell("script", "loaded"); done(); }; s.onerror = () => { tell("script", "nothing"); done(); };
  document.head.append(s);
});
navigator.sendBeacon(target + "/api/v1/camera/lines/trigger_in/pulse", body);
const form = document.createElement("form");
form.method = "POST"; form.enctype = "text/plain"; form.target = "hole"; form.action = target + "/api/v1/camera/lines/trigger_in/pulse";
const input = document.createElement("input");
input.name = '{"width_us": 100, "high": true, "x": "'; input.value = '"}'; form.append(input); document.body.append(form);
const sent = new Promise(done => { document.querySelector("iframe").onload = done; form.submit(); setTimeout(done, 2000); });
Promise.all([...get, opaque, ...posts, put, xhr, events, web_socket, script, sent]).then(() => {
  document.getElementById("out").textContent = "ways: " + said.join("; ") + ";";
});
</script>"""


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = PAGE.replace("TARGET", f"http://{CAMERA}:{PORT}").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def site() -> Iterator[None]:
    server = http.server.ThreadingHTTPServer((SITE, SITE_PORT), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


def browse(url: str, *options: str) -> str:
    """The page as it is once its scripts are done."""
    with tempfile.TemporaryDirectory(prefix="gigemu-") as profile:
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}"]
        command += ["--no-first-run", "--disable-background-networking", "--disable-component-update"]
        command += ["--timeout=30000", "--virtual-time-budget=10000", *options, "--dump-dom", url]
        return subprocess.run(command, capture_output=True, text=True, timeout=BOUND_S).stdout


def ask(path: str) -> dict:
    with urllib.request.urlopen(f"http://{CAMERA}:{PORT}{path}", timeout=10) as answer:
        return json.load(answer)


def ways_of(page: str) -> dict[str, str]:
    told = re.search(r"ways: (.*);", page)
    return dict(way.split("=", 1) for way in told.group(1).split("; ") if "=" in way) if told else {}


def unchanged(checks: Checks, what: str) -> None:
    checks.equal(f"{what}: nothing has happened", ask("/api/v1/camera/signals")["signals"], [])
    lines = ask("/api/v1/camera/lines")["trigger_in"]
    checks.equal(f"{what}: the line is as it was", (lines["high"], lines["edges_to_come"]), (False, 0))


def another_origin(checks: Checks) -> None:
    ways = {}
    for _ in range(3):  # A browser that gets no processor gives its page up before the page is done.
        for way, said in ways_of(browse(f"http://{SITE}:{SITE_PORT}/")).items():
            ways[way] = said if ways.get(way, "nothing") == "nothing" else ways[way]
        if len(ways) >= 15:
            break
    checks.that(f"another origin: the page has tried {len(ways)} ways", len(ways) >= 15, ways)
    checks.equal("another origin: it has read nothing", {w: s for w, s in ways.items() if s != "nothing"}, {})
    unchanged(checks, "another origin")


def rebound(checks: Checks) -> None:
    """The browser believes that evil.example is the camera: the same origin for it, and its own name for the camera."""
    page = browse(f"http://evil.example:{PORT}/api/v1/camera", f"--host-resolver-rules=MAP evil.example {CAMERA}")
    checks.that("a rebound name: the browser has reached the camera and is told why not", "detail" in page, page[:300])
    checks.that("a rebound name: it shows nothing of the state", "uptime" not in page and "serial" not in page, page)
    unchanged(checks, "a rebound name")


def own_page(checks: Checks) -> None:
    """The control: by its address the same browser reads the camera."""
    page = browse(f"http://{CAMERA}:{PORT}/api/v1/camera")
    checks.that("by the camera's address the browser shows its state", "uptime" in page, page[:300])


def main() -> None:
    checks = Checks()
    if not shutil.which("chromium"):
        checks.skip("foreign pages in a browser", "Chromium is not installed (package chromium)")
        return checks.finish()
    with Camera("--http", f"{CAMERA}:{PORT}", address=CAMERA), site():
        for section in (another_origin, rebound, own_page):
            checks.section(section)
    checks.finish()


if __name__ == "__main__":
    main()
