#!/usr/bin/env python3
"""The HTTP interface: who may ask, features, the stream of events, health and metrics."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from camera import Camera
from checks import Checks
from session import Session
from web import CAMERA, PORT, bench


def access(checks: Checks) -> None:
    """Token, read-only, and what is warned of."""
    with tempfile.TemporaryDirectory(prefix="gigemu-") as folder:
        file = Path(folder) / "token"
        file.write_text("s3cret\nnot this\n")
        with bench("--http-token-file", str(file), settings={}) as web:
            for what, headers, wanted in (
                ("without a token", {}, 401),
                ("with another", {"Authorization": "Bearer s3cre"}, 401),
                ("with the token", {"Authorization": "Bearer s3cret"}, 200),
            ):
                checks.equal(f"state {what}", web.ask("GET", "/api/v1/camera", **headers)[0], wanted)
            checks.equal("nothing is said about paths", web.ask("GET", "/api/v1/nothing")[0], 401)
            answer = web.raw(b"GET /api/v1/camera HTTP/1.1\r\nHost: localhost\r\n\r\n")
            checks.that("the scheme is named", b"WWW-Authenticate: Bearer" in answer, answer)
            checks.that("no answer may be cached", b"Cache-Control: no-store" in answer, answer)
            checks.equal("health needs none", (web.ask("GET", "/livez")[0], web.ask("GET", "/readyz")[0]), (200, 200))
        for wrong in (Path(folder) / "none", Path(folder)):
            try:
                with bench("--http-token-file", str(wrong), settings={}):
                    checks.that("a token file that is none ends the program", False)
            except RuntimeError as error:
                checks.that("a token file that is none ends the program", "--http-token-file" in str(error), error)
    with bench("--http-read-only", settings={}) as web:
        pulse = "/api/v1/camera/lines/trigger_in/pulse"
        checks.equal("read-only, nothing can be driven", web.ask("POST", pulse, {"width_us": 5})[0], 403)
        checks.equal("and all can be read", web.ask("GET", "/api/v1/camera/signals")[0], 200)
    with Camera("--http", "0.0.0.0:18301", "--log-level", "info", address=CAMERA) as camera:
        checks.that("open to the network without a token is warned of", "without a token" in camera.output, camera.output)


def features_are_written(checks: Checks) -> None:
    path = "/api/v1/camera/features/Gamma"
    with bench(settings={}) as web:
        post = b"POST /api/v1/camera/lines/trigger_in/pulse HTTP/1.1\r\nHost: localhost\r\n\r\n"
        answer = web.raw(post, then_end=False)
        checks.that("a request without a length has no body, and none is waited for", b"width_us: " in answer, answer)
        checks.equal("a feature is written", web.tell("PUT", path, {"value": 1.5})["value"], 1.5)
        with Session(CAMERA, CAMERA) as session:
            status, answer = web.ask("PUT", path, {"value": 2})
            checks.equal("not while a client has control", (status, answer["key"]), (409, "override"))
            checks.equal("unless it is overridden", web.ask("PUT", path, {"value": 2, "override": True})[0], 200)
            session.start()
            width = {"value": 1024, "override": True}
            status, answer = web.ask("PUT", "/api/v1/camera/features/Width", width)
            checks.equal("what is frozen stays so", status, 409)
            checks.that("and why", "acquisition is running" in answer["detail"], answer)
        checks.equal("an end of the range", web.ask("PUT", path, {"value": 0.01})[0], 200)
        checks.equal("and beyond", web.ask("PUT", path, {"value": 0.009})[0], 400)


def streams(checks: Checks) -> None:
    """One stream of server-sent events for all topics, and not more of them than there are places for."""
    with bench(settings={}) as web, contextlib.ExitStack() as stack:
        url = f"http://{CAMERA}:{PORT}/api/v1/camera/events"
        stream = stack.enter_context(urllib.request.urlopen(url + "?topics=signals,features", timeout=10))
        checks.equal("its media type", stream.headers["Content-Type"], "text/event-stream")
        web.tell("POST", "/api/v1/camera/lines/trigger_in/pulse", {"width_us": 100})
        web.tell("PUT", "/api/v1/camera/features/Gamma", {"value": 1.25})
        seen: dict[str, list[dict]] = {"signals": [], "features": []}
        while not (len(seen["signals"]) >= 2 and any(f["name"] == "Gamma" for f in seen["features"])):
            line = stream.readline().decode()
            if line.startswith("event: "):
                topic = line.split()[1]
            elif line.startswith("data: "):
                seen[topic].append(json.loads(line[6:]))
        checks.equal("the edges of a pulse", [s["high"] for s in seen["signals"][:2]], [True, False])
        gamma = [f["value"] for f in seen["features"] if f["name"] == "Gamma"]
        checks.equal("and a feature that changed", gamma, [1.25])
        for _ in range(7):
            stack.enter_context(urllib.request.urlopen(url, timeout=10))
        checks.equal("a ninth stream is refused", web.ask("GET", "/api/v1/camera/events")[0], 503)
        checks.equal("and requests are still answered", web.ask("GET", "/api/v1/camera")[0], 200)


def health(checks: Checks) -> None:
    with bench() as web, Session(CAMERA, CAMERA) as session:
        session.start()
        session.receiver.collect(3)
        text = urllib.request.urlopen(f"http://{CAMERA}:{PORT}/metrics", timeout=10).read().decode()
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
        values = {name: float(value) for name, value in lines}
        checks.that("metrics: frames", values["gigemu_frames_exposed_total"] >= 3, values)
        checks.that("metrics: packets", values["gigemu_gvsp_packets_total"] >= 3 * 17, values)
        checks.that("metrics: render times", values["gigemu_render_seconds_count"] >= 3, values)
        writes = 'gigemu_gvcp_commands_total{command="WRITEREG_CMD",status="0x0000"}'
        checks.that("metrics: commands by status", values.get(writes, 0) >= 3, values)
        program = os.environ["GIGEMU"]
        asked = subprocess.run([program, "readyz", "--http", f"{CAMERA}:{PORT}"], capture_output=True, timeout=20)
        checks.equal("gigemu readyz finds it ready", asked.returncode, 0)
        asked = subprocess.run([program, "readyz", "--http", f"{CAMERA}:{PORT + 7}"], capture_output=True, timeout=20)
        checks.equal("and nobody at another port", asked.returncode, 1)


def main() -> None:
    checks = Checks()
    for section in (access, features_are_written, streams, health):
        checks.section(section)
    checks.finish()


if __name__ == "__main__":
    main()
