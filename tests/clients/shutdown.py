#!/usr/bin/env python3
"""SIGTERM ends the camera whatever it is doing, and work for a closed channel does not hold the next one's frames back.

The bounds are those of a host that stalls; what was measured is printed.
"""

from __future__ import annotations

import time

from camera import Camera
from checks import Checks
from session import Session

ADDRESS, OWN = "127.0.0.23", "127.0.0.1"
END_S, FIRST_FRAME_S = 10.0, 60.0
MEMORY_MB = 256 + 512  # What waits, and what one picture at full quality needs while it is rendered.
SETTINGS = {"ExposureAuto": "Off", "ExposureTime": 5000}


def peak_mb(camera: Camera) -> int:
    with open(f"/proc/{camera.process.pid}/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))


def await_first(session: Session) -> float:
    began = time.monotonic()
    session.start()
    session.receiver.await_packet(FIRST_FRAME_S)
    return time.monotonic() - began


def streams(session: Session) -> float:
    return await_first(session)


def zooms(session: Session) -> float:
    """A slider that is pulled to and fro: each place is rendered anew."""
    first_s = await_first(session)
    for turn in range(20):
        session.put("Zoom", turn * 137 % 900)
        session.receiver.drain()
    return first_s


def restarts(session: Session) -> float:
    await_first(session)
    for turn in range(5):
        session.put("Zoom", 100 * turn)
        session.stop()
        session.reopen()
        session.start()
    session.stop()
    session.reopen()
    return await_first(session)


def ends(checks: Checks, scene: str, what: str, work) -> None:
    with Camera("--http", "off", address=ADDRESS, scene=scene) as camera, Session(ADDRESS, OWN, 8000) as session:
        for name, value in SETTINGS.items():
            session.put(name, value)
        first_s = work(session)
        memory_mb = peak_mb(camera)
        began = time.monotonic()
        code = camera.end()
        took_s = time.monotonic() - began
    checks.equal(f"{scene}, {what}: SIGTERM ends the camera, after {1e3 * took_s:.0f} ms", code, 0)
    checks.that(
        f"{scene}, {what}: its memory stays bounded, {memory_mb} MB; first packet after {1e3 * first_s:.0f} ms",
        memory_mb < MEMORY_MB,
    )


def main() -> None:
    checks = Checks()
    # One that moves, and one whose pictures take longest.
    for scene, what, work in (
        ("conveyor", "streaming", streams),
        ("depth_range", "zooming", zooms),
        ("depth_range", "restarting", restarts),
    ):
        checks.section(ends, scene, what, work)
    checks.finish()


if __name__ == "__main__":
    main()
