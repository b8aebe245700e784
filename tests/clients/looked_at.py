#!/usr/bin/python3
"""A camera whose page is open in a browser does as one that nobody looks at: packets, events, LEDs, signals and counters are
equal, to the bit.

`looked_at.py --seconds 20` streams the whole sensor at its highest rate instead, in turns with the page closed, with that of another
camera open, and with its own, and says what was lost and what the program cost; then how often its threads wake without a client, in
as many seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import browser
from camera import Camera
from checks import Checks
from events import Events, Listener
from session import Session
from wire import NoAnswer

CAMERA, PLACE = "127.0.4.1", "127.0.4.1:18480"  # where events.py has its camera
OTHER, OTHER_PLACE = "127.0.4.2", "127.0.4.2:18480"
FORGOTTEN_S = 40.0  # a preview that nobody asks for, and connections
SEED, BEGIN_NS, STEP_NS, STEPS, FRAMES = 3, 3_000_000_000, 20_000_000, 40, 5
BOUND_S = 30.0
# Those that do not wait for the host.
SIGNALS = ("trigger_in", "strobe_out", "trigger_conditioned", "trigger_accepted", "trigger_missed", "exposure_start", "exposure_end", "readout_end")
FEATURES = {
    "Width": 1024,
    "Height": 768,
    "ExposureAuto": "Off",
    "GainAuto": "Off",
    "BalanceWhiteAuto": "Off",
    "ExposureTime": 80_000,
    "TriggerMode": "On",
    "StrobeEnable": "On",
}
PANELS = ("lens", "world", "side", "features", "scope", "faults", "network", "journal", "scenarios", "housing")
TRAIN = {"period_us": 70_000, "width_us": 1000, "count": 10, "jitter_us": 5000, "at_ns": BEGIN_NS}


def ask(method: str, path: str, body: object = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    url = f"http://{PLACE}/api/v1{path}"
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def told(*names: str) -> list[dict]:
    """Signals of these names, all of them since a reset."""
    return [one for one in ask("GET", "/camera/signals?since=0&limit=5000")["signals"] if one["signal"] in names]


def under_way() -> bool:
    """A step goes on, or a frame that was exposed is still being sent: its LED goes out by the host's time."""
    if ask("GET", "/clock")["mode"] == "step" or len(told("exposure_end")) > len(told("transfer_end")):
        return True
    exposing = len(told("exposure_start")) > len(told("exposure_end"))
    return not exposing and ask("GET", "/camera/leds")["status"]["colour"] == "yellow"


@contextlib.contextmanager
def looked_at(*hashes: str, place: str = PLACE) -> Iterator[None]:
    """A browser has the page open, in these states, one after the other."""
    process = browser.start(look=f"http://{place}", hashes=hashes)
    try:
        if process.stdout.readline().strip() != "looks":
            raise RuntimeError("the browser does not come to see the camera")
        yield
    finally:
        process.stdin.write("end\n")
        process.stdin.close()
        print(f"      {process.stdout.read().strip()}")
        process.wait(60)


class Run:
    """A client that streams while triggers come, in steps of camera time: from a reset to the last frame."""

    def __init__(self) -> None:
        ask("POST", f"/reset?seed={SEED}")
        ask("POST", "/clock", {"rate": 0})
        self.go(BEGIN_NS - STEP_NS)  # the reset ended at some time of the host
        self.events, self.leds = [], []
        ends = threading.Event()
        with Session(CAMERA, CAMERA) as session, Listener(session) as listener:
            Events(session).notify("ExposureEnd", "FrameTriggerMissed", "Line1RisingEdge")
            for name, value in FEATURES.items():
                session.put(name, value)
            session.start()
            listens = threading.Thread(target=self.listen, args=(listener, ends))
            listens.start()
            try:
                ask("POST", "/camera/lines/trigger_in/train", TRAIN)
                for step in range(STEPS):
                    self.go(BEGIN_NS + step * STEP_NS)
                    self.leds.append(self.seen_leds())
                blocks = session.receiver.collect(FRAMES)
            finally:
                ends.set()
                listens.join()
            self.signals = [{k: v for k, v in one.items() if k != "number"} for one in told(*SIGNALS)]
            self.counts = ask("GET", "/camera")["counts"]
        self.packets = {
            (block.id, packet.id): (packet.format, packet.body) for block in blocks for packet in block.packets.values()
        }
        ask("POST", "/clock", {"rate": 1})

    def listen(self, listener: Listener, ends: threading.Event) -> None:
        while not ends.is_set():
            with contextlib.suppress(NoAnswer):
                self.events += listener.next(0.3)

    @staticmethod
    def go(to_ns: int) -> None:
        ask("POST", "/clock", {"step_us": (to_ns - ask("GET", "/clock")["time_ns"]) / 1e3})
        until = time.monotonic() + BOUND_S
        while under_way():
            if time.monotonic() > until:
                raise NoAnswer("the end of a step")
            time.sleep(0.005)

    @staticmethod
    def seen_leds() -> tuple:
        """Without what blinks, which goes by the host's time."""
        leds = ask("GET", "/camera/leds")
        return leds["rj45_green"], *(leds["status"][key] for key in ("colour", "blinking", "flashes"))


def same(checks: Checks) -> None:
    with Camera("--http", PLACE, address=CAMERA, scene="conveyor"):
        alone = Run()
        with looked_at(*(f"panel={panel}&histogram=1&show=boxes,regions" for panel in PANELS)):
            watched = Run()
    checks.equal("every frame is there", {block for block, _ in alone.packets}, set(range(1, FRAMES + 1)))
    checks.that("some triggers were missed", any(one["signal"] == "trigger_missed" for one in alone.signals))
    checks.that("there were events", len(alone.events) > 2 * FRAMES, len(alone.events))
    checks.that("a LED changed", len(set(alone.leds)) > 1, set(alone.leds))
    checks.that(f"all {len(alone.packets)} packets are equal to the bit", watched.packets == alone.packets)
    checks.equal("events are equal, and their stamps", watched.events, alone.events)
    checks.equal("LEDs are equal", watched.leds, alone.leds)
    checks.equal("signals are equal", watched.signals, alone.signals)
    checks.equal("counters are equal", watched.counts, alone.counts)


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stream(pid: int, seconds: float) -> str:
    import grab

    camera = grab.open_camera(CAMERA)
    for name, value in (("PixelFormat", "BayerRG8"), ("ExposureAuto", "Off"), ("ExposureTime", "5000")):
        grab.set_feature(camera, name, value)
    camera.set_frame_rate(camera.get_frame_rate_bounds()[1])
    frames = grab.open_stream(camera, 8000, 16 << 20, buffers=32)
    camera.start_acquisition()
    before, began = cpu_s(pid), time.monotonic()
    good = sum(grab.succeeded(buffer) for buffer in grab.buffers_for(frames, seconds))
    took, used = time.monotonic() - began, cpu_s(pid) - before
    camera.stop_acquisition()
    counts, dropped = grab.statistics(frames), ask("GET", "/camera")["counts"]["frames_dropped"]
    return (
        f"{good / took:5.2f} frames/s, {counts['n_missing_frames']} frames and {counts['n_missing_packets']} packets missing, "
        f"{counts['n_resend_requests']} resends; dropped since power-up: {dropped}; {100 * used / took:.1f} % of a core"
    )


def wakes(pid: int, seconds: float) -> int:
    """How often threads began to run."""

    def count() -> int:
        text = "".join(one.read_text() for one in Path(f"/proc/{pid}/task").glob("*/status"))
        return sum(int(one) for one in re.findall(r"^voluntary_ctxt_switches:\s+(\d+)", text, re.MULTILINE))

    before = count()
    time.sleep(seconds)
    return count() - before


def rate(seconds: float) -> None:
    # As PTP master it would wake each second.
    quiet = ("--set", "PtpEnable=false", "--http", PLACE)
    with Camera(*quiet, address=CAMERA) as camera, Camera("--http", OTHER_PLACE, address=OTHER):
        pid = camera.process.pid
        print(f"never opened: {wakes(pid, seconds)} wake-ups")
        with looked_at("panel=lens"):
            print(f"open:         {wakes(pid, seconds)} wake-ups")
        time.sleep(FORGOTTEN_S)
        print(f"closed:       {wakes(pid, seconds)} wake-ups")
        for _ in range(3):
            print("closed:   ", stream(pid, seconds), flush=True)
            with looked_at("panel=lens", place=OTHER_PLACE):
                print("elsewhere:", stream(pid, seconds), flush=True)
            with looked_at("panel=lens"):
                print("open:     ", stream(pid, seconds), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float)
    seconds = parser.parse_args().seconds
    checks = Checks()
    if reason := browser.missing():
        checks.skip("a camera that is looked at", reason)
    elif seconds:
        return rate(seconds)
    else:
        checks.section(same)
    checks.finish()


if __name__ == "__main__":
    main()
