#!/usr/bin/python3
"""Takes the pictures of docs/gallery.md through the wire: every scene, and strips across what the camera can set.

    gallery.py docs
"""

from __future__ import annotations

import sys
from argparse import Namespace
from array import array
from pathlib import Path

import snapshot
from camera import Camera, ask_program

WIDTH, HEIGHT = 2048, 1536
BLACK_12 = 240
GAINS = {
    "D65": [1.756, 1.0, 1.843],
    "D50": [1.54, 1.0, 2.247],
    "LED-B3": [1.35, 1.0, 2.858],
    "A": [1.027, 1.0, 3.886],
}
LAMP = {"checkerboard": "D50", "conveyor": "LED-B3", "point_lights": "LED-B3"}

# The client balances, and scenes say how they are exposed, unless a strip is about that.
BY_HAND = ["--scene-settings"]
for automatic in ("ExposureAuto", "GainAuto", "BalanceWhiteAuto"):
    BY_HAND += ["--set", f"{automatic}=Off"]

# What a strip shows: its scene, and the options of each of its pictures.
HINT = "--set-scene"
STRIPS: dict[str, tuple[str, list[list[str]]]] = {
    "zoom": ("depth_range", [[HINT, f"camera.zoom={zoom}"] for zoom in (0, 250, 500, 750)]),
    "focus": ("depth_range", [[HINT, f"camera.focus={focus}"] for focus in (9300, 9700, 9832, 9960)]),
    "iris": ("colour_chart", [[HINT, f"camera.iris={iris}"] for iris in (255, 200, 143, 100)]),
    "exposure": ("colour_chart", [["--set", f"ExposureTime={time}"] for time in (2500, 5000, 10000, 20000)]),
    "gain": (
        "colour_chart",
        [["--set", "ExposureTime=600", "--set", f"Gain={gain}"] for gain in (12, 24, 30, 36)],
    ),
    "ir_cut": (
        "colour_chart",
        [
            [HINT, "light.spectrum=A", "--set", "ExposureTime=5000", "--set", f"IRCutFilterEnable={cut}"]
            for cut in ("true", "false")
        ],
    ),
}


def smaller(plane: snapshot.Plane) -> snapshot.Plane:
    """Half the size again: the mean of four."""
    out = []
    for upper, lower in zip(plane[0::2], plane[1::2]):
        sums = zip(upper[0::2], upper[1::2], lower[0::2], lower[1::2])
        out.append(array("H", [(a + b + c + d) // 4 for a, b, c, d in sums]))
    return out


def rows_of(options: list[str], frames: int, gains: list[float], halvings: int) -> list[bytes]:
    """The rows of one picture; each halving beyond the mosaic's quads makes it half as large."""
    with Camera(*BY_HAND, *options, address="127.0.0.1") as camera:
        wanted = Namespace(address=camera.address, set=[], frames=frames, timeout=60)
        data, pixel_format, width, height = snapshot.take(wanted)
    planes = snapshot.planes_by_quads(snapshot.unpack(data, pixel_format), width, height)
    for _ in range(halvings):
        planes = tuple(smaller(plane) for plane in planes)
    tables = [snapshot.srgb_table(gain, BLACK_12, 1.0) for gain in gains]
    rows = []
    for lines in zip(*planes):
        row = bytearray(3 * len(lines[0]))
        for channel, (line, table) in enumerate(zip(lines, tables)):
            row[channel::3] = bytes([table[code] for code in line])
        rows.append(bytes(row))
    return rows


def save(file: Path, rows: list[bytes]) -> None:
    file.write_bytes(snapshot.png(rows, len(rows[0]) // 3))
    print(file, flush=True)


def main() -> None:
    folder = Path(sys.argv[1]) / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ask_program("--list-scenes").split():
        save(folder / f"{name}.png", rows_of(["--scene", name], 3, GAINS[LAMP.get(name, "D65")], 1))
    for name, (scene, shots) in STRIPS.items():
        gains = GAINS["A" if name == "ir_cut" else LAMP.get(scene, "D65")]
        # A filter that moves at power-up has arrived after some frames.
        pictures = [
            rows_of(["--scene", scene, *options], 40 if name == "ir_cut" else 3, gains, 2)
            for options in shots
        ]
        save(folder / f"strip_{name}.png", [b"".join(line) for line in zip(*pictures)])


if __name__ == "__main__":
    main()
