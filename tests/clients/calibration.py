#!/usr/bin/python3
"""Calibrates the lens by OpenCV out of pictures, as a user would: grids of dots on a stage that tells distances.

OpenCV finds the dots and calibrates. Where the field of view is narrow, perspective alone tells little of the focal
length: half of it at half the distances fits within 0.2 px, and what OpenCV returns depends on where it began. So the
stage decides: distances that it finds, against those that the stage says, lie on a line of slope 1, whose height is how
far behind the front of the lens the centre of projection lies.
"""

from __future__ import annotations

import json
import tempfile
from argparse import Namespace
from pathlib import Path
from typing import NamedTuple

from camera import Camera
from checks import Checks
from web import CAMERA, PORT, Web

try:
    import cv2
    import numpy
    import snapshot

    MISSING = ""
except (ImportError, SystemExit) as error:
    MISSING = str(error)

WIDTH, HEIGHT, PIXEL_MM = 2048, 1536, 3.45e-3
COLUMNS, ROWS = 7, 6  # of a grid; a picture shows three by two grids, each at a distance and a slant of its own
ACROSS, DOWN = WIDTH // 3, HEIGHT // 2
SLANTS_DEG = [(25, -20, 3), (-25, 15, -8), (20, 25, 12), (-20, -28, 8), (28, 10, -12), (-15, 30, 5)]
LIGHT = {"light": {"illuminance_lx": 20000}, "background": {"reflectance": 0.8, "distance_m": 50}}
ROUNDS = 5  # Each is thirty times as near as the one before.


class Lens(NamedTuple):
    zoom: int
    focus: int
    iris: int
    exposure_us: int
    nominal_mm: float  # of the focal length
    distances_m: tuple[float, ...]  # of each grid from the front of the lens

    @property
    def settings(self) -> dict:
        names = ("zoom", "focus", "iris", "exposure_us")
        return {name: getattr(self, name) for name in names} | {"gain_db": 0}


LENSES = [
    Lens(0, 9985, 200, 160, 6.5, (0.4, 0.55, 0.8, 1.2, 1.8, 2.6)),
    Lens(500, 9847, 120, 1200, 19.0, (1.3, 1.5, 1.8, 2.2, 2.7, 3.4)),
    Lens(1000, 6336, 40, 40000, 114.5, (2.0, 2.2, 2.45, 2.7, 2.95, 3.2)),
]
MODEL = 0 if MISSING else cv2.CALIB_FIX_ASPECT_RATIO | cv2.CALIB_ZERO_TANGENT_DIST | cv2.CALIB_FIX_K3


def cells() -> list[tuple[int, int]]:
    """The upper left corners of the part of the picture that each grid has for itself."""
    return [(ACROSS * (grid % 3), DOWN * (grid // 3)) for grid in range(len(SLANTS_DEG))]


def stage(lens: Lens) -> list[dict]:
    items = []
    for grid, ((left, top), away, slant) in enumerate(zip(cells(), lens.distances_m, SLANTS_DEG)):
        pixel_m = PIXEL_MM / lens.nominal_mm * away
        pitch = 0.72 * ACROSS / COLUMNS * pixel_m
        x, y = left + ACROSS / 2 - WIDTH / 2, top + DOWN / 2 - HEIGHT / 2
        items.append(
            {"name": str(grid), "kind": "dot_grid", "columns": COLUMNS, "rows": ROWS, "pitch_m": pitch}
            | {"diameter_m": 0.45 * pitch, "position_m": [x * pixel_m, y * pixel_m, away], "rotation_deg": slant}
        )
    return items


def picture(scene: Path) -> tuple[numpy.ndarray, dict]:
    """Green, of 8 bits, and what truth says of the same frame."""
    by_hand = ["--scene-settings", "--set", "BalanceWhiteAuto=Off", "--http", f"{CAMERA}:{PORT}"]
    with Camera(*by_hand, address=CAMERA, scene=str(scene)):
        taken = snapshot.take(Namespace(address=CAMERA, set=["PixelFormat=BayerRG8"], frames=2, timeout=60))
        truth = Web().get("/api/v1/camera/truth")
    raw = numpy.frombuffer(taken[0], numpy.uint8).reshape(HEIGHT, WIDTH)
    return cv2.cvtColor(raw, cv2.COLOR_BayerBG2BGR)[:, :, 1], truth


def dots_in(green: numpy.ndarray) -> list[numpy.ndarray]:
    """Where the dots of each grid are, (0.5, 0.5) in the middle of the first pixel."""
    found = []
    for left, top in cells():
        cell = green[top : top + DOWN, left : left + ACROSS]
        there, dots = cv2.findCirclesGrid(cell, (COLUMNS, ROWS), flags=cv2.CALIB_CB_SYMMETRIC_GRID)
        if not there:
            raise RuntimeError(f"no grid in the cell at {left}, {top}")
        found.append((dots.reshape(-1, 2) + (left + 0.5, top + 0.5)).astype(numpy.float32))
    return found


def grid_of(pitch_m: float) -> numpy.ndarray:
    """Its dots on the stage, from its middle."""
    places = [(i - (COLUMNS - 1) / 2, j - (ROWS - 1) / 2, 0) for j in range(ROWS) for i in range(COLUMNS)]
    return numpy.array(places, numpy.float32) * pitch_m


def calibrated(checks: Checks, lens: Lens) -> None:
    items = stage(lens)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "grids.json"
        file.write_text(json.dumps({**LIGHT, "items": items, "camera": lens.settings}))
        green, truth = picture(file)
    grids, dots = [grid_of(item["pitch_m"]) for item in items], dots_in(green)
    matrix, bent, flags = numpy.eye(3), numpy.zeros(5), MODEL
    for _ in range(ROUNDS):
        left_px, matrix, bent, _, places = cv2.calibrateCamera(
            grids, dots, (WIDTH, HEIGHT), matrix, bent, flags=flags, criteria=(3, 1000, 1e-12)
        )
        slope, pupil_m = numpy.polyfit(lens.distances_m, [float(place[2]) for place in places], 1)
        matrix[:2, :2] /= slope
        flags = MODEL | cv2.CALIB_USE_INTRINSIC_GUESS | cv2.CALIB_FIX_FOCAL_LENGTH
    checks.that(
        f"zoom {lens.zoom}: one camera matrix holds for all distances", left_px < 0.05, f"{left_px:.3f} px left"
    )
    print(f"      dots are {left_px:.4f} px off")
    agrees(checks, f"zoom {lens.zoom}", truth, matrix[0, 0], pupil_m, places)


def agrees(
    checks: Checks, name: str, truth: dict, focal_px: float, pupil_m: float, places: list[numpy.ndarray]
) -> None:
    """What OpenCV finds is what truth says."""
    lens = truth["lens"]
    wanted_px, wanted_m = lens["focal_length_mm"] / PIXEL_MM, lens["entrance_pupil_m"]
    print(
        f"      f {focal_px:.2f} of {wanted_px:.2f} px, "
        f"entrance pupil {1e3 * pupil_m:.2f} of {1e3 * wanted_m:.2f} mm behind the front"
    )
    checks.that(
        f"{name}: it has the focal length of the lens",
        abs(focal_px / wanted_px - 1) < 1e-3,
        f"{focal_px:.2f} instead of {wanted_px:.2f} px",
    )
    checks.that(
        f"{name}: and its origin where truth says that the entrance pupil is",
        abs(pupil_m - wanted_m) < 2e-3,
        f"{pupil_m:.4f} instead of {wanted_m:.4f} m",
    )
    true = {item["name"]: numpy.array(item["position_m"]) for item in truth["items"]}
    off = [
        numpy.linalg.norm(place.ravel() - true[str(grid)]) / true[str(grid)][2] for grid, place in enumerate(places)
    ]
    checks.that(f"{name}: every grid is where truth says, seen from there", max(off) < 1e-3, f"{max(off):.5f}")


def main() -> None:
    checks = Checks()
    if MISSING:
        checks.skip("calibration", MISSING)
    else:
        for lens in LENSES:
            checks.section(calibrated, lens)
    checks.finish()


if __name__ == "__main__":
    main()
