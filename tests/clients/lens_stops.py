#!/usr/bin/python3
"""A benchmark by hand: which frames of a full-rate stream are lost while the lens moves and stops, per scene.

`lens_stops.py [scene ...]` starts a camera for each; the longest wait is between two frames that follow each other.
"""

from __future__ import annotations

import argparse
import time

import grab
from camera import Camera

SCENES = ["colour_chart", "siemens_star", "dot_grid", "depth_range", "conveyor", "picture", "point_lights"]
MOVE_EVERY_S = 2.5


def measure(address: str, seconds: float) -> str:
    camera = grab.open_camera(address)
    for name, value in (("PixelFormat", "BayerRG8"), ("ExposureTime", "5000")):
        grab.set_feature(camera, name, value)
    camera.set_frame_rate(camera.get_frame_rate_bounds()[1])
    device = camera.get_device()
    focus = device.get_integer_feature_value("Focus")
    stream = grab.open_stream(camera, 8000, 1 << 20, buffers=64)
    camera.start_acquisition()
    completed, failed, longest_s, moves = 0, 0, 0.0, 0
    began = last = time.monotonic()
    for buffer in grab.buffers_for(stream, seconds):
        now = time.monotonic()
        completed += grab.succeeded(buffer)
        failed += not grab.succeeded(buffer)
        longest_s, last = max(longest_s, now - last), now
        if now - began > (moves + 1) * MOVE_EVERY_S and now - began < seconds - MOVE_EVERY_S:
            moves += 1
            device.set_integer_feature_value("Focus", focus - 100 * (moves % 2))
    camera.stop_acquisition()
    missing = grab.statistics(stream).get("n_missing_frames", 0)
    return (
        f"{moves} moves, {completed} frames, {failed} failed, {missing} missing, "
        f"longest wait {1e3 * longest_s:.0f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", default=SCENES)
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    for scene in options.scenes:
        with Camera(address=options.address, scene=scene):
            print(f"{scene:14}{measure(options.address, options.seconds)}", flush=True)


if __name__ == "__main__":
    main()
