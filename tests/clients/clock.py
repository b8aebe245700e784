#!/usr/bin/python3
"""Camera time over the wire: one trigger per part of the conveyor at rate 1 and at "fast", seen through Aravis, and
resets between them. Frames are equal to the bit, control is kept, and nothing is lost.

`clock.py --minutes 10` runs ten minutes of camera time at "fast" alone, and says how much faster that was.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from camera import Camera
from checks import SKIPPED, Checks
from wire import CCP, USER_NAME, Client

try:
    import grab
except SystemExit as reason:
    print(f"skip  clock.py: {reason}")
    sys.exit(SKIPPED)

CAMERA, PLACE = "127.0.4.21", "127.0.4.21:18421"
FEATURES = (
    "ExposureAuto=Off GainAuto=Off BalanceWhiteAuto=Off ExposureTime=500 IMXLowLatencyTriggerMode=true "
    "TriggerMode=On TriggerSource=Line1"
)
BEGIN_NS = 4_000_000_000  # of the train, by the camera's clock: a client has started by then
PARTS, PERIOD_US = 8, 1_000_000
RESETS, RESET_S = 20, 0.5  # the bound is not the aim: the machine may be busy
Frame = tuple[int, int, str]  # block id, time stamp, hash


def ask(method: str, path: str, body: object = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://{PLACE}/api/v1{path}", data, {"Content-Type": "application/json"}, method=method
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def refused(method: str, path: str, body: object) -> tuple[int, str]:
    try:
        return 200, str(ask(method, path, body))
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error).get("key", "")


class Run:
    """A client that streams, one trigger per part: from a reset to the last frame."""

    def __init__(self, rate: float | str, parts: int, region: tuple[int, int], seed: int = 7) -> None:
        ask("POST", f"/reset?seed={seed}")
        self.frames: list[Frame] = []
        camera = grab.open_camera(CAMERA)
        for assignment in FEATURES.split():
            grab.set_feature(camera, *assignment.split("="))
        camera.set_region(0, 0, *region)
        stream = grab.open_stream(camera, packet_size=8000, receive_buffer=16 << 20, buffers=32)
        camera.start_acquisition()
        train = {"period_us": PERIOD_US, "width_us": 100, "count": parts, "jitter_us": 5000, "at_ns": BEGIN_NS}
        ask("POST", "/camera/lines/trigger_in/train", train)
        began, began_ns = time.monotonic(), ask("GET", "/clock")["time_ns"]
        ask("POST", "/clock", {"rate": rate})
        while len(self.frames) < parts:
            buffer = stream.timeout_pop_buffer(20_000_000)
            if buffer is None:
                break
            digest = hashlib.sha256(buffer.get_data()).hexdigest() if grab.succeeded(buffer) else "lost"
            self.frames.append((buffer.get_frame_id(), buffer.get_timestamp(), digest))
            stream.push_buffer(buffer)
        self.took_s = time.monotonic() - began
        self.camera_s = (ask("GET", "/clock")["time_ns"] - began_ns) / 1e9
        self.controlled = ask("GET", "/camera")["controller"] is not None
        self.counts = ask("GET", "/camera")["counts"]
        camera.stop_acquisition()

    @property
    def lost(self) -> tuple[int, int]:
        """By the camera, and by the client, which a busy machine keeps from reading."""
        return self.counts["frames_dropped"], sum(digest == "lost" for _, _, digest in self.frames)


def fast(checks: Checks) -> None:
    region = (1024, 768)
    real, quick = Run(1, PARTS, region), Run("fast", PARTS, region)
    checks.equal("at rate 1 every part has its frame", len(real.frames), PARTS)
    checks.equal("at fast it has the same, to the bit and with the same stamps", quick.frames, real.frames)
    checks.equal("none is lost", (real.lost, quick.lost), ((0, 0), (0, 0)))
    checks.that("and control is kept", real.controlled and quick.controlled)
    speed = quick.camera_s / quick.took_s
    checks.that(f"fast was {speed:.1f} times as fast as rate 1", quick.took_s < real.took_s / 2)
    other = Run("fast", 2, region, seed=8)
    checks.that(
        "another seed gives other frames with other noise",
        all(a[2] != b[2] for a, b in zip(other.frames, real.frames)),
    )


def modes(checks: Checks) -> None:
    ask("POST", "/reset")
    with Client(CAMERA, CAMERA) as client:
        client.take_control()
        paused = ask("POST", "/clock", {"rate": 0})
        checks.equal("a pause is rate 0", (paused["mode"], paused["rate"]), ("rate", 0))
        time.sleep(0.2)
        checks.equal("and time stands still", ask("GET", "/clock")["time_ns"], paused["time_ns"])
        checks.equal("while a client reads", client.read_one(CCP), 2)
        stepped = ask("POST", "/clock", {"step_us": 2500})
        checks.equal("a step goes as far as it says", stepped["time_ns"] - paused["time_ns"], 2_500_000)
        nowhere = refused("POST", "/clock", {"step_to": "next_event"})
        checks.equal("without an event none is stepped to", nowhere, (409, "step_to"))
        pulse = ask("POST", "/camera/lines/trigger_in/pulse", {"width_us": 10, "after_us": 77})
        event = ask("POST", "/clock", {"step_to": "next_event"})
        checks.equal("an event is stepped to", event["time_ns"], pulse["begin_ns"])
        for body, key in (
            ({"rate": -1}, "rate"),
            ({"rate": 0.0001}, "rate"),
            ({"rate": 1001}, "rate"),
            ({"rate": "slow"}, "rate"),
            ({"step_us": 0}, "step_us"),
            ({"step_to": "noon"}, "step_to"),
        ):
            checks.equal(f"{body} is refused", refused("POST", "/clock", body), (400, key))
        for body in ({}, {"rate": 1, "step_us": 1}, {"pace": 1}):
            checks.equal(f"{body} is refused", refused("POST", "/clock", body)[0], 400)
        checks.equal("and changes nothing", ask("GET", "/clock"), ask("GET", "/clock") | {"mode": "rate", "rate": 0})
        for rate in (0.001, 0.5, 1000):
            answer = ask("POST", "/clock", {"rate": rate})
            checks.equal(f"rate {rate} is set", answer["rate"], rate)
        began = time.monotonic()  # before the rate is set, so that all that is gone lies behind it
        before = ask("POST", "/clock", {"rate": 100})["time_ns"]
        time.sleep(0.3)
        gone = (ask("GET", "/clock")["time_ns"] - before) / 1e9
        checks.that(f"at rate 100 {gone:.1f} s are gone", gone >= 30 and gone <= 100 * (time.monotonic() - began))
        ask("POST", "/clock", {"rate": 1})


def reset(checks: Checks) -> None:
    with Client(CAMERA, CAMERA) as client:
        client.take_control()
        client.write_memory(USER_NAME, b"changed".ljust(16, b"\0"))
        ask("PUT", "/camera/frame_number", {"enabled": True})
        ask("POST", "/clock", {"rate": 0})
        took = []
        for _ in range(RESETS):
            began = time.monotonic()
            answer = ask("POST", "/reset")
            took.append(time.monotonic() - began)
            checks.that(f"a reset: the clock stands at {answer['time_ns'] / 1e6:.1f} ms", answer["time_ns"] < 5e9)
        median = statistics.median(took)
        checks.that(f"the median of {RESETS} resets is {median * 1e3:.1f} ms", median < RESET_S)
        checks.equal("nobody has control", client.read_one(CCP), 0)
        checks.equal("the user's name is that of the start", client.read_memory(USER_NAME, 16).rstrip(b"\0"), b"")
    state, clock = ask("GET", "/camera"), ask("GET", "/clock")
    checks.equal("time runs at rate 1", clock["rate"], 1)
    checks.equal("the seed is the profile's again", ask("POST", "/reset")["seed"], 1)
    checks.equal("no frame was counted", state["counts"]["frames_exposed"], 0)
    checks.equal("no signal is left", ask("GET", "/camera/signals")["signals"], [])
    checks.equal("images have no number", ask("GET", "/camera/frame_number"), {"enabled": False})
    for seed in ("-1", "1.5", "x", str(1 << 60)):
        checks.equal(f"seed {seed} is refused", refused("POST", f"/reset?seed={seed}", None), (400, "seed"))


def frame_number(checks: Checks) -> None:
    if shutil.which("dmtxread") is None:
        return checks.skip("libdmtx reads the frame number", "dmtxread is missing (dmtx-utils)")
    import cv2
    import numpy

    ask("POST", "/reset")
    ask("PUT", "/camera/frame_number", {"enabled": True})
    camera = grab.open_camera(CAMERA)
    for assignment in FEATURES.split():
        grab.set_feature(camera, *assignment.split("="))
    camera.set_region(0, 0, 1024, 768)
    conversions = {"BayerRG8": cv2.COLOR_BayerBG2GRAY, "YUV422_8": cv2.COLOR_YUV2GRAY_YUYV, "BGR8": cv2.COLOR_BGR2GRAY}
    trigger = 0
    for name, conversion in conversions.items():
        grab.set_feature(camera, "PixelFormat", name)
        stream = grab.open_stream(camera, packet_size=8000, receive_buffer=16 << 20)
        camera.start_acquisition()
        trigger += 1
        ask("POST", "/camera/lines/trigger_in/pulse", {"width_us": 100, "after_us": 50_000})
        buffer = stream.timeout_pop_buffer(20_000_000)
        if not checks.that(f"{name}: a frame comes", buffer is not None and grab.succeeded(buffer)):
            continue
        shape = {"BayerRG8": (768, 1024), "YUV422_8": (768, 1024, 2), "BGR8": (768, 1024, 3)}[name]
        image = numpy.frombuffer(buffer.get_data(), numpy.uint8).reshape(shape)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "corner.png"
            cv2.imwrite(str(file), cv2.cvtColor(image, conversion)[:100, :100])
            read = subprocess.run(["dmtxread", "-N1", str(file)], capture_output=True, text=True, timeout=60).stdout
        checks.equal(f"{name}: libdmtx reads it", read, f"{buffer.get_frame_id():010}/{trigger:010}")
        camera.stop_acquisition()
        del stream


def long_run(minutes: float, region: tuple[int, int], options: list[str]) -> None:
    with Camera("--http", PLACE, *options, address=CAMERA, scene="conveyor"):
        run = Run("fast", round(minutes * 60e6 / PERIOD_US), region)
    print(
        f"{region[0]} x {region[1]}: {len(run.frames)} frames, lost by camera and client: {run.lost}, "
        f"{run.camera_s:.0f} s of camera time in {run.took_s:.1f} s: {run.camera_s / run.took_s:.1f} times; control kept: {run.controlled}"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float)
    arguments.add_argument("--region", type=int, nargs=2, default=(2048, 1536))
    arguments.add_argument("--config", help="a profile, for example with link.speed_mbps")
    chosen = arguments.parse_args()
    if chosen.minutes:
        options = ["--config", chosen.config] if chosen.config else []
        return long_run(chosen.minutes, tuple(chosen.region), options)
    checks = Checks()
    with Camera("--http", PLACE, address=CAMERA, scene="conveyor"):
        checks.section(fast)
        checks.section(modes)
        checks.section(reset)
        checks.section(frame_number)
    checks.finish()


if __name__ == "__main__":
    main()
