#!/usr/bin/env python3
"""Automatic exposure over the wire: highlight reduction settles on a still scene, and does not hunt."""

from __future__ import annotations

from camera import Camera
from checks import Checks
from session import Session

CAMERA = "127.0.5.1"
SCENE = "checkerboard"
BRIGHT = 240  # What highlight reduction counts; it acts where more than 15 % are as bright, and lets go below 1 %.
OPTIONS = [
    *("--set", "Width=528", "--set", "Height=256", "--set", "BalanceWhiteAuto=Off"),
    *("--set", "ExposureAutoReference=170", "--set", "AcquisitionFrameRate=10"),
]
SETTLES, STILL, BOUND_S = 25, 20, 20.0  # Frames; and a bound of the time of each on a busy machine.


class Watch:
    """What frames show, and what the camera says that it exposes with, one frame after the other."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.next_block = 1

    def frames(self, count: int) -> list[tuple[float, float, int, int]]:
        """Mean, share of bright pixels, exposure time and gain."""
        seen = []
        for _ in range(count):
            block = self.session.receiver.collect(1, first=self.next_block, timeout_s=BOUND_S)[0]
            self.next_block = block.id + 1
            data = block.data
            share = sum(data.count(code) for code in range(BRIGHT, 256)) / len(data)
            drive = self.session.fetch("ExposureTime"), self.session.fetch("Gain")
            seen.append((sum(data) / len(data), share, *drive))
        return seen


def rests(checks: Checks, what: str, seen: list[tuple[float, float, int, int]]) -> None:
    means, _, exposures, gains = zip(*seen)
    checks.that(f"{what}: the mean stays within a code", max(means) - min(means) <= 1, sorted(means))
    checks.equal(f"{what}: exposures and gains", (len(set(exposures)), len(set(gains))), (1, 1))


def highlight_reduction(checks: Checks, session: Session) -> None:
    watch = Watch(session)
    session.start()
    watch.frames(SETTLES)
    plain = watch.frames(STILL)
    rests(checks, "without highlight reduction", plain)
    checks.that("and much of the picture is bright", plain[-1][1] > 0.15, plain[-1])
    session.put("ExposureAutoHighlightReduction", 1)
    watch.frames(SETTLES)
    reduced = watch.frames(STILL)
    rests(checks, "with it", reduced)
    checks.that("and less than 15 % of the picture is bright", reduced[-1][1] < 0.15, reduced[-1])
    checks.that("because it is darker", reduced[-1][0] < plain[-1][0] - 5, (plain[-1], reduced[-1]))
    session.put("ExposureAutoHighlightReduction", 0)
    watch.frames(SETTLES)
    again = watch.frames(STILL)
    rests(checks, "without it again", again)
    checks.that("as bright as before", abs(again[-1][0] - plain[-1][0]) <= 3, (plain[-1], again[-1]))
    print("mean, bright, exposure, gain:", plain[-1], reduced[-1], again[-1])


def main() -> None:
    checks = Checks()
    with Camera(*OPTIONS, address=CAMERA, scene=SCENE), Session(CAMERA, "127.0.5.2") as session:
        checks.section(highlight_reduction, session)
    checks.finish()


if __name__ == "__main__":
    main()
