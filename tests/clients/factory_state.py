#!/usr/bin/python3
"""Clients find the camera as it left the factory, and stream: nothing is set for them, nothing is set by them in vain.

Each has a camera of its own, which was just switched on: Aravis's tools, GStreamer, OpenCV through it, and what the
vendor's driver does when it starts.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import netns
from camera import Camera
from checks import Checks
from description import Description
from session import Session
from wire import DO_NOT_FRAGMENT, FIRE_TEST_PACKET, SCPS

FRAMES = 10
BOUND_S = 90.0  # Bounds a hang; a slow machine takes its time.
READ_BY_OPENCV = f"""
import cv2, sys
video = cv2.VideoCapture("aravissrc num-buffers={FRAMES} ! videoconvert ! appsink", cv2.CAP_GSTREAMER)
shapes = []
while len(shapes) < {FRAMES}:
    read, image = video.read()
    if not read:
        break
    shapes.append(image.shape)
print(len(shapes), "images of", *set(shapes))
"""


def run(network: netns.Network, *command: str) -> str:
    done = subprocess.run(
        network.command("client", *command), capture_output=True, text=True, timeout=BOUND_S
    )
    return f"{done.stdout}{done.stderr}exit code {done.returncode}"


def gstreamer(checks: Checks, network: netns.Network) -> None:
    if not shutil.which("gst-launch-1.0"):
        return checks.skip("gst-launch-1.0 streams", "it is not installed (gstreamer1.0-tools)")
    output = run(network, "gst-launch-1.0", "-v", "aravissrc", f"num-buffers={FRAMES}", "!", "fakesink", "silent=false")
    buffers = len(re.findall(r"chain +\*+ ", output))
    checks.that(f"gst-launch-1.0 aravissrc takes {FRAMES} frames", buffers == FRAMES, output[-600:])
    checks.that("and ends without an error", output.endswith("exit code 0") and "ERROR" not in output, output[-600:])


def opencv(checks: Checks, network: netns.Network) -> None:
    build = run(network, sys.executable, "-c", "import cv2; print(cv2.getBuildInformation())")
    converter = shutil.which("gst-inspect-1.0") and run(network, "gst-inspect-1.0", "videoconvert")
    if not re.search(r"GStreamer: +YES", build) or not str(converter).endswith("exit code 0"):
        return checks.skip("OpenCV streams", "it has no GStreamer (python3-opencv, gstreamer1.0-plugins-base)")
    output = run(network, sys.executable, "-c", READ_BY_OPENCV)
    checks.that(
        f"cv2.VideoCapture reads {FRAMES} images",
        re.search(rf"^{FRAMES} images of \(1536, 2048, 3\)$", output, re.MULTILINE),
        output[-600:],
    )


def camera_test(checks: Checks, network: netns.Network) -> None:
    if not shutil.which("arv-camera-test-0.8"):
        return checks.skip("arv-camera-test streams", "it is not installed (aravis-tools)")
    output = run(network, "arv-camera-test-0.8", "--duration", "3")
    counts = {name: int(value) for name, value in re.findall(r"^(n_\w+) += (\d+)", output, re.MULTILINE)}
    checks.that(f"arv-camera-test takes {FRAMES} frames", counts.get("n_completed_buffers", 0) >= FRAMES, output[-600:])
    checks.equal("of the size that it expects", counts.get("n_size_mismatch_errors"), 0)


class Driver:
    """Features by single registers, whose addresses come out of the camera's own description."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.description = Description.read_from(session.client)

    def write(self, name: str, value: float | str) -> None:
        self.session.write(self.description.register(name).address, self.description.units(name, value))

    def read(self, name: str) -> int:
        return self.session.read(self.description.register(name).address)


def vendor_driver(checks: Checks, network: netns.Network) -> None:
    """In the order in which it was seen on the wire; any refused write ends it."""
    with network.inside("client"):
        session = Session(network.address("camera"), network.address("client"))
    with session:
        driver = Driver(session)
        width, height = driver.read("SensorWidth"), driver.read("SensorHeight")
        checks.equal("the driver reads the sensor's size", (width, height), (2048, 1536))
        rates = resulting_rates(driver, width, height)
        checks.equal("it asks for the rates of 8 formats in 8 sizes", len(rates), 64)
        wrong = {key: rate for key, rate in rates.items() if not 0 < rate[0] < rate[1]}
        checks.that("each has a lowest and a highest", not wrong, wrong)
        selected, mode = driver.read("TriggerSelector"), driver.read("TriggerMode")
        driver.write("TriggerSelector", selected)
        driver.write("TriggerMode", mode)
        driver.write("ChunkModeActive", 0)
        driver.write("GevGVSPExtendedIDMode", "Off")
        for size in ((640, 480), (2048, 4), (width // 2, height // 2)):
            stream_as_driver(checks, driver, *size)


def resulting_rates(driver: Driver, width: int, height: int) -> dict[tuple, tuple[int, int]]:
    rates = {}
    for pixel_format in driver.description.entries("PixelFormat"):
        driver.write("TestPixelFormat", pixel_format)
        for size in ((528, 4), (640, 480), (1024, 768), (width, height)):
            for skip in (1, 2):
                settings = {"Width": size[0], "Height": size[1]}
                for direction in ("Horizontal", "Vertical"):
                    settings |= {f"Binning{direction}": 1, f"Decimation{direction}": skip}
                for name, value in settings.items():
                    driver.write(f"Test{name}", value)
                rates[pixel_format, size, skip] = (driver.read("ResultingMinFPS"), driver.read("ResultingMaxFPS"))
    return rates


def stream_as_driver(checks: Checks, driver: Driver, width: int, height: int) -> None:
    session = driver.session
    for name, value in (("OffsetX", 0), ("OffsetY", 0), ("Width", width), ("Height", height)):
        driver.write(name, value)
    driver.write("PixelFormat", "BayerRG8")
    session.write(SCPS, 1500 | DO_NOT_FRAGMENT | FIRE_TEST_PACKET)
    driver.write("TLParamsLocked", 1)
    session.reopen()
    session.start()
    blocks = session.receiver.collect(FRAMES, timeout_s=BOUND_S)
    session.stop()
    driver.write("TLParamsLocked", 0)
    sizes = {(block.leader.size_x, block.leader.size_y, len(block.data)) for block in blocks}
    checks.equal(f"it takes {FRAMES} frames of {width} x {height}", sizes, {(width, height, width * height)})


def main() -> None:
    netns.require()
    checks = Checks()
    with netns.Network("camera", "client") as network:
        for client in (gstreamer, opencv, camera_test, vendor_driver):
            with Camera(address=network.address("camera"), netns=network.name("camera")):
                checks.section(client, network)
    checks.finish()


if __name__ == "__main__":
    main()
