#!/usr/bin/env python3
"""A benchmark by hand: what lies between AcquisitionStart and the first packet, per scene, and the burst behind it.

`first_packet.py [scene ...]` starts a camera for each. The exposure is printed beside it: it takes its time anyway. A
burst are the frames of the first half second that come sooner than the frame rate says.
"""

from __future__ import annotations

import argparse
import time

import features
from camera import Camera
from session import Session
from wire_stream import LEADER

SCENES = ["flat_field", "colour_chart", "dot_grid", "conveyor", "depth_range", "picture", "point_lights"]
REST_S = 20.0  # Time enough for a busy host to render ahead.
BURST_S = 0.5
MOVES = {"Zoom": 60, "Focus": -30, "Iris": -50}


def first_packet(session: Session) -> str:
    session.receiver.drain()
    began = time.monotonic()
    session.start()
    first = session.receiver.await_packet(60)
    took_ms = 1e3 * (time.monotonic() - began)
    leaders, until_ns = [first], first.stamp_ns + BURST_S * 1e9
    while (packet := session.receiver.await_packet()).stamp_ns < until_ns:
        if packet.format == LEADER:
            leaders.append(packet)
    session.stop()
    session.receiver.drain(0.3)
    return f"{took_ms:.0f} ms and {len(leaders) - 1 - expected(session):+.0f} frames"


def expected(session: Session) -> float:
    """How many frames come within that time after the first one."""
    return BURST_S * session.fetch("AcquisitionFrameRate") * features.table()["AcquisitionFrameRate"]["inc"]


def measure(address: str, scene: str) -> str:
    found = []
    for rest_s in (0, REST_S):
        with Camera("--http", "off", address=address, scene=scene):
            time.sleep(rest_s)
            with Session(address, "127.0.0.1", 8000) as session:
                found.append(f"{rest_s:.0f} s after power-up {first_packet(session)}")
                if rest_s:
                    found += [f"exposure {session.fetch('ExposureTime') / 1e3:.1f} ms"]
                    found += [f"again {first_packet(session)}", *moved(session)]
    return "\n    ".join(found)


def moved(session: Session) -> list[str]:
    time.sleep(REST_S)
    found = [f"after a rest {first_packet(session)}"]
    for part, steps in MOVES.items():
        at = session.fetch(part)
        session.put(part, at + steps if part != "Zoom" or at < 500 else at - steps)
        time.sleep(REST_S)
        found.append(f"{part} moved {first_packet(session)}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", default=SCENES)
    parser.add_argument("--address", default="127.0.0.22")
    options = parser.parse_args()
    for scene in options.scenes:
        print(f"{scene}\n    {measure(options.address, scene)}", flush=True)


if __name__ == "__main__":
    main()
