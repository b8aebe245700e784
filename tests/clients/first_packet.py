#!/usr/bin/env python3
"""A benchmark by hand: what lies between AcquisitionStart and the first packet, per scene.

`first_packet.py [scene ...]` starts a camera for each. The exposure is printed beside it: it takes its time anyway.
"""

from __future__ import annotations

import argparse
import time

from camera import Camera
from session import Session

SCENES = ["flat_field", "colour_chart", "dot_grid", "conveyor", "depth_range", "picture", "point_lights"]
REST_S = 20.0  # Time enough for a busy host to render ahead.
MOVES = {"Zoom": 60, "Focus": -30, "Iris": -50}


def first_packet_ms(session: Session) -> float:
    session.receiver.drain()
    began = time.monotonic()
    session.start()
    session.receiver.await_packet(60)
    took_ms = 1e3 * (time.monotonic() - began)
    session.stop()
    session.receiver.drain(0.3)
    return took_ms


def measure(address: str) -> str:
    with Session(address, "127.0.0.1", 8000) as session:
        found = [f"exposure {session.fetch('ExposureTime') / 1e3:.1f}"]
        found += [f"at first {first_packet_ms(session):.0f}", f"again {first_packet_ms(session):.0f}"]
        time.sleep(REST_S)
        found.append(f"after a rest {first_packet_ms(session):.0f}")
        for part, steps in MOVES.items():
            at = session.fetch(part)
            session.put(part, at + steps if part != "Zoom" or at < 500 else at - steps)
            time.sleep(REST_S)
            found.append(f"{part} moved {first_packet_ms(session):.0f}")
    return ", ".join(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", default=SCENES)
    parser.add_argument("--address", default="127.0.0.22")
    options = parser.parse_args()
    for scene in options.scenes:
        with Camera("--http", "off", address=options.address, scene=scene):
            print(f"{scene:14}ms: {measure(options.address)}", flush=True)


if __name__ == "__main__":
    main()
