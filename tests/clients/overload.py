#!/usr/bin/env python3
"""A host that is too slow: each frame is sent whole or dropped by a cause, and afterwards the stream is whole again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator

import features
from camera import Camera
from checks import Checks
from session import Session

CAMERA, PORT = "127.0.3.2", 18301
SETTINGS = {"ExposureAuto": "Off", "ExposureTime": 1000, "GainAuto": "Off", "AcquisitionFrameRate": 30}
OVERLOAD_S, STOPPED_S, BOUND_S = 3.0, 0.3, 20.0
BUSY = ["sh", "-c", "while :; do :; done"]


def metrics() -> dict[str, int]:
    text = urllib.request.urlopen(f"http://{CAMERA}:{PORT}/metrics", timeout=10).read().decode()
    samples = (line.rpartition(" ") for line in text.splitlines() if line.startswith("gigemu_"))
    return {name: int(float(value)) for name, _, value in samples}


def ends_of(counts: dict[str, int]) -> tuple[int, int]:
    dropped = sum(n for name, n in counts.items() if name.startswith("gigemu_frames_dropped_total"))
    return counts["gigemu_gvsp_blocks_total"], dropped


@contextlib.contextmanager
def one_busy_core(pid: int) -> Iterator[None]:
    """All of the program shares one core with others that never rest, and has the least right to it."""
    everything = os.sched_getaffinity(0)
    core = min(everything)
    subprocess.run(["taskset", "-apc", str(core), str(pid)], check=True, stdout=subprocess.DEVNULL)
    others = [subprocess.Popen(["taskset", "-c", str(core), *BUSY]) for _ in range(3)]
    try:
        yield
    finally:
        for one in others:
            one.kill()
            one.wait()
        cores = ",".join(map(str, everything))
        subprocess.run(["taskset", "-apc", cores, str(pid)], check=True, stdout=subprocess.DEVNULL)


def settled() -> dict[str, int]:
    """The counts once no frame is under way, or those at the end of patience."""
    deadline = time.monotonic() + BOUND_S
    while True:
        counts = metrics()
        if counts["gigemu_frames_exposed_total"] == sum(ends_of(counts)) or time.monotonic() > deadline:
            return counts
        time.sleep(0.1)


def check_account(checks: Checks, name: str) -> None:
    counts = settled()
    sent, dropped = ends_of(counts)
    exposed = counts["gigemu_frames_exposed_total"]
    checks.equal(f"{name}: exposed are sent or dropped ({sent} and {dropped})", exposed, sent + dropped)
    checks.that(f"{name}: frames were exposed", exposed > 0, counts)


def main() -> None:
    checks = Checks()
    with Camera("--http", f"{CAMERA}:{PORT}", address=CAMERA, scene="colour_chart") as camera:
        features.configure(CAMERA, SETTINGS)
        with Session(CAMERA, CAMERA) as session:
            session.start()
            time.sleep(0.5)
            with one_busy_core(camera.process.pid):
                time.sleep(OVERLOAD_S)
            session.stop()
            check_account(checks, "one busy core")
            session.start()
            time.sleep(0.5)
            camera.process.send_signal(signal.SIGSTOP)
            time.sleep(STOPPED_S)
            camera.process.send_signal(signal.SIGCONT)
            time.sleep(0.5)
            session.stop()
            check_account(checks, "stopped for a moment")
            warnings = camera.output.count("this host is too slow")
            checks.that("the log has one sentence a second at most", warnings <= OVERLOAD_S + 5, warnings)
        features.configure(CAMERA, features.SMALL)
        with Session(CAMERA, CAMERA) as session:
            session.start()
            checks.equal("the stream is whole again", len(session.receiver.collect(5)), 5)
    checks.finish()


if __name__ == "__main__":
    main()
