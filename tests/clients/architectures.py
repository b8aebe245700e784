#!/usr/bin/env python3
"""Frames of six scenes from this program and from that of another architecture, over the wire: equal to the bit.

    architectures.py OTHER qemu-aarch64-static    where OTHER is the program that qemu runs
"""

from __future__ import annotations

import hashlib
import os
import sys
import time

from camera import Camera, program
from checks import SKIPPED, Checks
from session import Session
from web import Web

CAMERA, OWN, PORT = "127.0.4.41", "127.0.4.42", 18441
SCENES = ("slanted_edge", "colour_chart", "conveyor", "picture", "point_lights", "depth_range")
SETTINGS = {
    "Width": 1024,
    "Height": 512,
    "OffsetX": 512,
    "OffsetY": 512,
    "ExposureAuto": "Off",
    "GainAuto": "Off",
    "BalanceWhiteAuto": "Off",
    "TriggerMode": "On",
    "TriggerSource": "Line1",
    "IMXLowLatencyTriggerMode": 1,
}
COUNT, PERIOD_US, BEGIN_NS = 2, 1_000_000, 20_000_000_000  # by the camera's clock, when a client has long started
BOUND_S = 300.0  # Emulated, start and frames take some forty times as long.

Frame = tuple[int, int, str]  # block id, time stamp, hash


def frames(scene: str, through: list[str]) -> list[Frame]:
    options = ("--scene-settings", "--seed", "7", "--http", f"{CAMERA}:{PORT}")
    with Camera(*options, address=CAMERA, scene=scene, through=through, ready_s=BOUND_S) as camera:
        web = Web(PORT, CAMERA)
        web.tell("POST", "/api/v1/reset")
        with Session(CAMERA, OWN) as session:
            for name, value in SETTINGS.items():
                session.put(name, value)
            session.start()
            train = {"period_us": PERIOD_US, "width_us": 100, "count": COUNT, "at_ns": BEGIN_NS}
            web.tell("POST", "/api/v1/camera/lines/trigger_in/train", train)
            web.tell("POST", "/api/v1/clock", {"rate": "fast"})
            blocks = session.receiver.collect(COUNT, timeout_s=BOUND_S)
        assert camera.runs
        return [(one.id, one.leader.timestamp, hashlib.sha256(one.data).hexdigest()) for one in blocks]


def main() -> None:
    if len(sys.argv) < 2:
        print("skip  architectures.py: no program of another architecture is named")
        sys.exit(SKIPPED)
    here, (other, *through) = program(), sys.argv[1:]
    checks, first = Checks(), set()
    for scene in SCENES:
        os.environ["GIGEMU"] = here
        wanted = frames(scene, [])
        os.environ["GIGEMU"] = other
        began = time.monotonic()
        got = frames(scene, through)
        checks.equal(f"{scene}: {COUNT} frames and their stamps, after {time.monotonic() - began:.0f} s", got, wanted)
        first.add(got[0][2])
    checks.equal("each scene looks different", len(first), len(SCENES))
    checks.finish()


if __name__ == "__main__":
    main()
