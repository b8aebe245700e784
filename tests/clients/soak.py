#!/usr/bin/env python3
"""The real program for hours: random legal clients, faults, lens moves, other scenes, resets and reconnects, from a seed.

    soak.py [--hours H | --minutes M] [--seed N]

Memory, descriptors and threads of the program are watched, block ids and stamps of all that arrives, and the program's
own account of its frames. It ends with a table and a verdict; the exit code is 1 if a law was broken.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import features
import netns
from camera import Camera
from checks import Checks
from session import Session
from web import Web
from wire import NoAnswer, Refused

HERE = Path(__file__).parent
PORT = 8080
SAMPLE_S = 2.0
#: Of a run; the first third fills caches.
WARM_UP = 1 / 3
#: What a fitted line may rise from there to the end.
GROWTH_MOST = {"memory, MB": 8.0, "descriptors": 2.0, "threads": 2.0}
SCENES = ("flat_field", "conveyor", "checkerboard", "dot_grid", "point_lights", "grey_steps")
#: A fault that is legal, and the end of it.
FAULTS = (
    {"fault": "packet_loss", "rate": 0.01, "for_us": 3e6},
    {"fault": "packet_loss", "rate": 0.2, "for_us": 5e5},
    {"fault": "packet_delay", "delay_us": 2000, "rate": 0.05, "for_us": 3e6},
    {"fault": "packet_duplicate", "rate": 0.05, "for_us": 3e6},
    {"fault": "packet_reorder", "rate": 0.05, "for_us": 3e6},
    {"fault": "packet_corruption", "field": "content", "part": "payload", "rate": 0.01, "for_us": 2e6},
    {"fault": "ack_loss", "rate": 0.1, "for_us": 2e6},
    {"fault": "command_loss", "rate": 0.1, "for_us": 2e6},
)
EXPOSED = "gigemu_frames_exposed_total"
SENT = "gigemu_gvsp_blocks_total"
LOST = "gigemu_frames_dropped_total"
UNWANTED = "gigemu_frames_without_channel_total"


def metrics_of(text: str) -> dict[str, float]:
    """By name with labels, without histograms."""
    lines = re.findall(r"^([a-z_]+(?:\{[^}]*\})?) ([0-9.e+-]+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in lines if "_bucket" not in name}


@dataclass
class Resources:
    """What the program holds, again and again."""

    pid: int
    times: list[float] = field(default_factory=list)
    values: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in GROWTH_MOST})

    def look(self) -> None:
        if self.times and time.monotonic() < self.times[-1] + SAMPLE_S:
            return
        status = Path(f"/proc/{self.pid}/status").read_text()
        self.times.append(time.monotonic())
        self.values["memory, MB"].append(int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024)
        self.values["threads"].append(int(re.search(r"Threads:\s+(\d+)", status)[1]))
        self.values["descriptors"].append(len(list(Path(f"/proc/{self.pid}/fd").iterdir())))

    def growth(self, name: str) -> tuple[float, float]:
        """From the end of the warm-up to the end of the run, by the median of all slopes (Theil, Sen); and per hour."""
        begin = int(len(self.times) * WARM_UP)
        points = list(zip(self.times[begin:], self.values[name][begin:]))
        step = max(1, len(points) // 400)
        slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in itertools.combinations(points[::step], 2)]
        slope = statistics.median(slopes) if slopes else 0.0
        return slope * (points[-1][0] - points[0][0]), slope * 3600


@dataclass
class Account:
    """Frames as the program counts them, over all its resets."""

    total: Counter = field(default_factory=Counter)

    def close(self, metrics: dict[str, float]) -> int:
        """Adds what the program counted since its reset, while nothing is under way; returns what has no cause."""
        lost = {name: value for name, value in metrics.items() if name.startswith(LOST)}
        unexplained = int(metrics[EXPOSED] - metrics[UNWANTED] - metrics[SENT] - sum(lost.values()))
        for name in (EXPOSED, UNWANTED, SENT, *lost):
            self.total[name] += int(metrics[name])
        self.total["unexplained"] += unexplained
        return unexplained


class Soak:
    def __init__(self, checks: Checks, dice: random.Random, camera: Camera, address: str, own: str) -> None:
        self.checks, self.dice, self.address, self.own = checks, dice, address, own
        self.web = Web(PORT, address)
        self.resources = Resources(camera.process.pid)
        self.account = Account()
        self.done: Counter = Counter()
        self.broken: Counter = Counter()

    def metrics(self) -> dict[str, float]:
        with urllib.request.urlopen(f"http://{self.address}:{PORT}/metrics", timeout=10) as answer:
            return metrics_of(answer.read().decode())

    def law(self, sentence: str, holds: bool) -> None:
        self.broken[sentence] += not holds

    def order_fault(self) -> None:
        status, _ = self.web.ask("POST", "/api/v1/camera/faults", self.dice.choice(FAULTS))
        self.law("a legal fault is taken", status == 200)

    def other_scene(self) -> None:
        self.web.tell("PUT", "/api/v1/world", {"scene": self.dice.choice(SCENES)})

    def look_around(self) -> None:
        for path in ("/api/v1/camera", "/api/v1/camera/signals?since=0", "/api/v1/camera/truth", "/api/v1/world"):
            self.web.get(path)

    def move_lens(self, session: Session) -> None:
        for name, most in (("Zoom", 1000), ("Focus", 10_000), ("Iris", 255)):
            if self.dice.random() < 0.5:
                session.put(name, self.dice.randint(0, most))

    def change_pace(self, session: Session) -> None:
        session.put("AcquisitionFrameRate", self.dice.choice((1, 5, 15, 30)))
        session.put("ExposureTime", self.dice.choice((20, 1000, 20_000)))

    def trigger(self, session: Session) -> None:
        session.put("TriggerMode", "On")
        for _ in range(self.dice.randint(1, 5)):
            session.put("TriggerSoftware")
            self.receive(session, 0.2)
        session.put("TriggerMode", "Off")

    def restart_stream(self, session: Session) -> None:
        session.stop()
        session.reopen()
        self.forget_blocks()
        session.start()

    def save(self, session: Session) -> None:
        session.put("UserSetSelector", "UserSet1")
        session.put("UserSetSave")

    def forget_blocks(self) -> None:
        """Another opening of the stream: ids begin anew."""
        self.stamps: dict[int, int] = {}
        self.asked: set[int] = set()

    def receive(self, session: Session, seconds: float) -> None:
        """Takes what comes; stamps of leaders rise with their ids."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.resources.look()
            packet = session.receiver.receive(min(left, 0.2))
            if packet is None or packet.status or packet.format != 1 or packet.block == 0:
                continue
            if packet.block in self.asked:
                continue  # it may be the second one
            stamp = int.from_bytes(packet.body[4:12], "big")
            self.done["blocks begun"] += 1
            known = self.stamps.setdefault(packet.block, stamp)
            self.law("a block has one stamp", known == stamp)
            near = [self.stamps[block] for block in sorted(self.stamps)[-8:]]
            self.law("stamps rise with block ids", near == sorted(near))
            if self.dice.random() < 0.1:
                self.asked.add(packet.block)
                session.receiver.ask_again(packet.block, 0, 0xFFFFFF, False)

    def use_own_client(self, seconds: float) -> None:
        """Faults of the command channel may end it early."""
        self.forget_blocks()
        deeds = (self.move_lens, self.change_pace, self.trigger, self.restart_stream, self.save)
        others = (self.order_fault, self.other_scene, self.look_around)
        until = time.monotonic() + seconds
        with contextlib.suppress(NoAnswer, Refused), Session(self.address, self.own) as session:
            session.start()
            while time.monotonic() < until:
                if self.dice.random() < 0.6:
                    deed = self.dice.choice(deeds)
                    deed(session)
                else:
                    deed = self.dice.choice(others)
                    deed()
                self.done[deed.__name__] += 1
                self.receive(session, self.dice.uniform(0.2, 2))
        self.done["own client"] += 1

    def use_aravis(self) -> None:
        frames = self.dice.randint(5, 60)
        command = [sys.executable, str(HERE / "aravis_session.py"), self.address, str(frames)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
        self.done["Aravis"] += 1
        self.law("Aravis ends without an error", ended.returncode == 0)
        if ended.returncode == 0:
            self.done["frames of Aravis"] += json.loads(ended.stdout.splitlines()[-1])["frames"]

    def settle(self) -> None:
        """No client and no fault: what was exposed was sent, or has a cause."""
        self.web.ask("DELETE", "/api/v1/camera/faults")
        deadline = time.monotonic() + 20
        while True:
            self.resources.look()
            before = self.metrics()
            time.sleep(1)
            metrics = self.metrics()
            if metrics[EXPOSED] == before[EXPOSED] and metrics[SENT] == before[SENT]:
                break
            if time.monotonic() > deadline:
                return self.law("without a client the camera comes to rest", False)
        self.law("no frame is lost without a cause", self.account.close(metrics) == 0)
        self.web.tell("POST", "/api/v1/reset", {})
        self.done["resets"] += 1
        time.sleep(1)

    def run(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.dice.random() < 0.25:
                self.use_aravis()
            else:
                self.use_own_client(min(left, self.dice.uniform(5, 40)))
            self.settle()

    def report(self) -> None:
        print("| Of the program | First | Last | Growth after warm-up | Per hour | Limit |\n|---|---|---|---|---|---|")
        for name, values in self.resources.values.items():
            growth, hourly = self.resources.growth(name)
            print(
                f"| {name} | {values[0]:.0f} | {values[-1]:.0f} | {growth:.2f} | {hourly:.2f} | {GROWTH_MOST[name]} |"
            )
        print("\n| Frames | |\n|---|---|")
        for name, count in self.account.total.items():
            print(f"| {name} | {count} |")
        print("\n| Done | times |\n|---|---|")
        for name, count in self.done.most_common():
            print(f"| {name} | {count} |")
        for name in GROWTH_MOST:
            growth = self.resources.growth(name)[0]
            self.checks.that(f"{name}: bounded", growth <= GROWTH_MOST[name], f"+{growth:.2f}")
        for sentence, count in self.broken.items():
            self.checks.that(sentence, count == 0, f"broken {count} times")
        self.checks.that("frames were exposed and sent", min(self.account.total[EXPOSED], self.account.total[SENT]) > 0)


def soak(checks: Checks, seconds: float, seed: int) -> None:
    with netns.Network("camera", "client") as network, tempfile.TemporaryDirectory() as state:
        address = network.address("camera")
        options = ("--http", f"{address}:{PORT}", "--state-dir", state)
        with Camera(*options, address=address, netns=network.name("camera"), log_level="error") as camera:
            with network.inside("client"):
                features.configure(address, own=network.address("client"))
                one = Soak(checks, random.Random(seed), camera, address, network.address("client"))
                one.run(seconds)
                one.report()


def main() -> None:
    line = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    line.add_argument("--hours", type=float, default=0)
    line.add_argument("--minutes", type=float, default=0)
    line.add_argument("--seed", type=int, default=1)
    asked = line.parse_args()
    netns.require()
    checks = Checks()
    seconds = asked.hours * 3600 + asked.minutes * 60 or 7200
    print(f"{seconds / 60:.0f} minutes, --seed {asked.seed}", flush=True)
    checks.section(soak, seconds, asked.seed)
    checks.finish()


if __name__ == "__main__":
    main()
