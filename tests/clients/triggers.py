#!/usr/bin/env python3
"""Triggers on the wire: their random delay, what becomes of those that are too many, and a new start in an exposure.

All that is measured are stamps of the camera's clock, in leaders and signals; how busy the host is does not count.
"""

from __future__ import annotations

import json
import time
import urllib.request

import features
from camera import Camera
from checks import Checks
from description import Description, put
from session import Session

CAMERA, WORLD = "127.0.4.9", "127.0.4.9:18409"
WIDTH, HEIGHT, BLANK_ROWS = 528, 64, 43
SHORTEST_ROW_S = (0.375 * (WIDTH + 16) + 72) / 74.25e6
BOUND_S = 60.0


def world(method: str, path: str, body: dict | None = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://{WORLD}{path}", data, {"Content-Type": "application/json"}, method=method
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


class Triggered:
    """A session that waits for triggers, and the bench that gives them."""

    def __init__(self, session: Session, **settings: float | str | bool) -> None:
        self.session = session
        with session.lock:
            self.description = Description.read_from(session.client)
        self.put("ExposureTime", settings.pop("ExposureTime", 100))
        self.put("TriggerMode", "On")
        for name, value in settings.items():
            self.put(name, value)
        self.since = world("GET", "/api/v1/camera/signals?limit=1&since=1000000000")["next"]

    def put(self, name: str, value: float | str | bool) -> None:
        with self.session.lock:
            put(self.session.client, self.description, name, value)

    def train(self, count: int, period_us: float) -> None:
        body = {"period_us": period_us, "width_us": 5, "count": count, "after_us": 20_000, "jitter_us": period_us / 20}
        world("POST", "/api/v1/camera/lines/trigger_in/train", body)

    def signals(self, name: str, enough: int) -> list[dict]:
        """The signals of one kind since the session began, as soon as there are so many."""
        deadline = time.monotonic() + BOUND_S
        while True:
            excerpt = world("GET", f"/api/v1/camera/signals?since={self.since}&limit=5000")["signals"]
            found = [signal for signal in excerpt if signal["signal"] == name]
            if len(found) >= enough or time.monotonic() > deadline:
                return found
            time.sleep(0.1)


def random_delay(checks: Checks, rate_hz: float) -> None:
    count = 40
    with Session(CAMERA, CAMERA) as session:
        bench = Triggered(session, AcquisitionFrameRate=rate_hz)
        session.start()
        bench.train(count, 1.2e6 / rate_hz)
        edges = [s["time_ns"] for s in bench.signals("trigger_in", 2 * count) if s["high"]]
        starts = [s["time_ns"] for s in bench.signals("exposure_start", count)]
        blocks = session.receiver.collect(count, timeout_s=BOUND_S)
        session.stop()
        if not checks.equal(f"{rate_hz} Hz: each trigger exposes", (len(edges), len(starts)), (count, count)):
            return
        checks.equal(f"{rate_hz} Hz: the leaders have those stamps", [b.leader.timestamp for b in blocks], starts)
        delays_us = [(start - edge) / 1000 for edge, start in zip(edges, starts)]
        row_us = max(SHORTEST_ROW_S, 1 / rate_hz / (HEIGHT + BLANK_ROWS)) * 1e6
        checks.that(
            f"{rate_hz} Hz: a random delay of {min(delays_us):.1f} to {max(delays_us):.1f} us is 2 to 3 rows of {row_us:.1f} us",
            2 * row_us - 0.01 <= min(delays_us) <= 2.3 * row_us and 2.7 * row_us <= max(delays_us) <= 3 * row_us + 0.01,
        )


def too_many(checks: Checks) -> None:
    """The wire needs some 40 ms for a frame; the sensor is ready after 1 ms."""
    count = 300
    with Session(CAMERA, CAMERA) as session:
        bench = Triggered(session, IMXLowLatencyTriggerMode=True, AcquisitionFrameRate=500)
        bench.put("DeviceLinkThroughputLimit", 1_000_000)
        bench.put("DeviceLinkThroughputLimitMode", "On")
        session.start()
        bench.train(count, 5000)
        bench.signals("trigger_in", 2 * count)
        accepted = bench.signals("trigger_accepted", 1)
        missed = bench.signals("trigger_missed", 1)
        checks.equal("a trigger is accepted or missed", len(accepted) + len(missed), count)
        checks.that(f"{len(missed)} of {count} are missed", len(missed) > count / 2)
        blocks = session.receiver.collect(len(accepted), timeout_s=BOUND_S)
        session.stop()
        stamps = [s["time_ns"] for s in bench.signals("exposure_start", len(accepted))]
        checks.equal(
            f"the {len(accepted)} that are accepted are delivered", [b.leader.timestamp for b in blocks], stamps
        )
        checks.equal("and none is dropped", bench.signals("frame_dropped", 0), [])


def new_start(checks: Checks) -> None:
    with Session(CAMERA, CAMERA) as session:
        bench = Triggered(session, TriggerMode="Off", ExposureTime=3_000_000)
        session.start()
        bench.signals("exposure_start", 1)
        session.stop()
        bench.put("Width", 1024)
        bench.put("ExposureTime", 1000)
        started_ns = world("GET", "/api/v1/camera")["time_ns"]
        session.start()
        block = session.receiver.collect(1, timeout_s=BOUND_S)[0]
        session.stop()
        checks.that(
            "the first block was exposed after the start",
            block.leader.timestamp >= started_ns,
            f"{(started_ns - block.leader.timestamp) / 1e6:.1f} ms before it",
        )
        checks.equal("in the width that was set for it", block.leader.size_x, 1024)
        dropped = bench.signals("frame_dropped", 1)
        checks.equal("the exposure before is told to be abandoned", [s["cause"] for s in dropped[:1]], ["abandoned"])


def main() -> None:
    checks = Checks()
    with Camera("--http", WORLD, address=CAMERA):
        features.configure(CAMERA)
        checks.section(random_delay, 12.0)
        checks.section(random_delay, 100.0)
        checks.section(too_many)
        checks.section(new_start)
    checks.finish()


if __name__ == "__main__":
    main()
