#!/usr/bin/env python3
"""The page in a real browser: each panel, its errors, keys and roles.

`page.py --pictures FOLDER` takes the pictures of docs/page.md instead; `page.py --minutes 30` leaves the page open so long, and
looks at the memory of browser and program.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

import browser
from camera import Camera
from checks import Checks
from wire import Client

OPEN, READ_ONLY, LOCKED = "127.0.7.1", "127.0.7.2", "127.0.7.3"
PORT = 18470
TOKEN = "s3cret-token"
HEARTBEAT_TIMEOUT = 0x0938
PAGE_BYTES_MAX = 300_000
BOUND_S = 280
WARM_PART = 0.3  # of a long run, until caches are full
GROWTH_MB = {"the page's objects": 2.0, "gigemu": 8.0}  # in half an hour, at most


def url(address: str) -> str:
    return f"http://{address}:{PORT}"


class Answers:
    """What the browser's script asks to be done beside it."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self.stack = stack
        self.client: Client | None = None
        self.start()

    def start(self) -> None:
        self.camera = self.stack.enter_context(camera(OPEN))

    def do(self, what: str) -> str:
        """The answer; "done" where there is nothing to tell."""
        if what == "take control":
            self.client = Client(OPEN, "127.0.0.1")
            self.client.take_control()
            self.client.write((HEARTBEAT_TIMEOUT, 60_000))
        elif what == "read a register":
            self.client.read(HEARTBEAT_TIMEOUT)
        elif what == "write a register":
            self.client.write((HEARTBEAT_TIMEOUT, 60_000))
        elif what == "give control up":
            self.client.release_control()
            self.client.socket.close()
        elif what == "end the camera":
            self.camera.end()
        elif what == "start the camera":
            self.start()
        elif what == "stream by Aravis":
            return self.stream()
        elif what == "end Aravis":
            self.aravis.kill()
            self.aravis.wait()
        elif what == "tell the memory":
            return str(resident_bytes(self.camera.process.pid))
        return "done"

    def stream(self) -> str:
        if not shutil.which("arv-camera-test-0.8"):
            return "arv-camera-test is not installed"
        command = ["arv-camera-test-0.8", "-n", OPEN, "-w", "1024", "-h", "768", "--duration", str(BOUND_S)]
        self.aravis = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.stack.callback(self.aravis.kill)
        return "done"


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def camera(address: str, *options: str) -> Camera:
    return Camera("--http", f"{address}:{PORT}", *options, address=address, scene="colour_chart")


def browse(checks: Checks, answers: Answers, shots: str = "", minutes: float = 0) -> list[list[float]]:
    """What the browser's script finds; for a long run its samples: s, bytes of the page's objects, bytes of gigemu."""
    process = browser.start(
        open=url(OPEN), readOnly=url(READ_ONLY), token={"url": url(LOCKED), "text": TOKEN}, shots=shots, minutes=minutes
    )
    timer = threading.Timer(BOUND_S + 60 * minutes, process.terminate)
    timer.start()
    seen, samples = 0, []
    for kind, sentence, *detail in browser.told(process, answers.do):
        seen += 1
        if kind == "told":
            print(f"      {sentence}")
        elif kind == "sample":
            samples.append([float(sentence), *map(float, detail)])
            print("      {:.0f} s: {:.1f} MB, {:.1f} MB".format(samples[-1][0], *(one / 1e6 for one in samples[-1][1:])), flush=True)
        elif kind == "told":
            print(f"      {sentence}")
        else:
            checks.that(sentence, kind == "ok", *detail)
    timer.cancel()
    checks.equal("the browser's script ends by itself", process.wait(), 0)
    checks.that("it has said something", seen > 0)
    return samples


def flat(checks: Checks, answers: Answers, minutes: float) -> None:
    """While the page is open, and all that it has is used, neither it nor the program grows."""
    samples = browse(checks, answers, minutes=minutes)
    settled = [one for one in samples if one[0] > WARM_PART * 60 * minutes]
    if not checks.that("there are samples", len(settled) >= 5, len(settled)):
        return
    for i, (what, most) in enumerate(GROWTH_MB.items(), 1):
        slope = statistics.linear_regression([one[0] for one in settled], [one[i] for one in settled]).slope
        growth = slope * 1800 / 1e6
        sentence = f"{what}: {settled[0][i] / 1e6:.1f} MB, then {settled[-1][i] / 1e6:.1f} MB, {growth:+.2f} MB in half an hour"
        checks.that(sentence, growth < most)


def size(checks: Checks) -> None:
    index = fetch("/").decode()
    names = set(re.findall(r'"(/page/[^"]+)"', index + fetch("/page/page.js").decode()))
    total = len(gzip.compress(index.encode()))
    for name in names:
        request = urllib.request.Request(url(OPEN) + name, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            total += len(answer.read())
            checks.equal(f"{name} is packed", answer.headers["Content-Encoding"], "gzip")
    checks.that(f"the page has {total} bytes, packed", 20_000 < total < PAGE_BYTES_MAX, total)


def fetch(path: str) -> bytes:
    with urllib.request.urlopen(url(OPEN) + path, timeout=20) as answer:
        return answer.read()


def headers(checks: Checks) -> None:
    with urllib.request.urlopen(url(OPEN) + "/", timeout=10) as answer:
        policy, tag = answer.headers["Content-Security-Policy"], answer.headers["ETag"]
    checks.that("the page lets no script in but its own", "script-src 'self';" in policy, policy)
    again = urllib.request.Request(url(OPEN) + "/", headers={"If-None-Match": tag})
    try:
        status = urllib.request.urlopen(again, timeout=10).status
    except urllib.error.HTTPError as error:
        status = error.code
    checks.equal("what the browser has is not sent again", status, 304)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", default="")
    parser.add_argument("--minutes", type=float, default=0)
    wanted = parser.parse_args()
    checks = Checks()
    if reason := browser.missing():
        checks.skip("the page in a browser", reason)
        return checks.finish()
    with contextlib.ExitStack() as stack, tempfile.NamedTemporaryFile("w") as token:
        token.write(TOKEN)
        token.flush()
        answers = Answers(stack)
        if b"without its page" in fetch("/"):
            checks.skip("the page in a browser", "it was built without the libraries of the page")
            return checks.finish()
        if wanted.minutes:
            checks.section(flat, answers, wanted.minutes)
            return checks.finish()
        if not wanted.pictures:
            stack.enter_context(camera(READ_ONLY, "--http-read-only", "--serial", "39265002", "--user-name", "other"))
            stack.enter_context(camera(LOCKED, "--http-token-file", token.name))
            checks.section(size)
            checks.section(headers)
        checks.section(browse, answers, wanted.pictures)
    checks.finish()


if __name__ == "__main__":
    sys.exit(main())
