#!/usr/bin/env python3
"""Kills the camera at random moments while it saves a user set: it wakes up with the old one or the new one, whole.

A few kills show that it works; `kills.py --kills 1000` is the whole test.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import struct
import subprocess
import tempfile
import time
from pathlib import Path

import features
from camera import program
from checks import Checks
from wire import DISCOVERY, USER_NAME, WRITEMEM, WRITEREG, Client, NoAnswer, command, parse_ack

READY_S = 60.0
# A save takes as long as the disk likes. Each that was cut off lets the next live longer, each that was done
# shorter, so that half of the kills come before the new set counts and half after it.
REACH_STEP = 1.3
LUT_ENTRIES = (0, 1, 100, 255, 256)
# Features that nothing locks, and how many values of their registers are tried.
TRIED = {
    "BlackLevel": 4096,
    "Hue": 180,
    "Saturation": 256,
    "StrobeDuration": 32768,
    "StrobeDelay": 32768,
    "TriggerDelay": 1_000_000,
    "TriggerMask": 1_000_000,
    "AcquisitionBurstFrameCount": 1000,
}


def configuration(number: int) -> dict[str, int]:
    """Values that belong together; every number has others."""
    dice = random.Random(number)
    values = {name: dice.randrange(1, count) for name, count in TRIED.items()}
    values["Width"] = 528 + 16 * dice.randrange(90)
    values["Height"] = 4 + 4 * dice.randrange(380)
    return values | {f"LUTValue[{entry}]": dice.randrange(65536) for entry in LUT_ENTRIES}


def pairs(values: dict[str, int]) -> list[tuple[int, int]]:
    lut = features.address("LUTIndex"), features.address("LUTValue")
    written = [(features.address(name), value) for name, value in values.items() if "[" not in name]
    for entry in LUT_ENTRIES:
        written += [(lut[0], entry), (lut[1], values[f"LUTValue[{entry}]"])]
    return written


def read_back(client: Client, names: list[str]) -> dict[str, int]:
    plain = [name for name in names if "[" not in name]
    found = dict(zip(plain, client.read(*(features.address(name) for name in plain))))
    for entry in LUT_ENTRIES:
        features.put(client, "LUTIndex", entry)
        found[f"LUTValue[{entry}]"] = features.fetch(client, "LUTValue")
    return found


class Victim:
    """A camera that keeps its memory in a folder, and a client in control of it."""

    def __init__(self, address: str, folder: Path) -> None:
        options = ["--scene", "lens_cap", "--log-level", "warning", "--http", "off"]
        self.log = (folder / "log").open("a")
        self.process = subprocess.Popen(
            [program(), "--address", address, *options, "--state-dir", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )
        self.client = Client(address)
        try:
            self.await_answer()
            self.client.take_control()
        except BaseException:
            self.kill()
            raise

    def await_answer(self) -> None:
        """It answers before its first frame is made, which nobody waits for."""
        deadline = time.monotonic() + READY_S
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                end = Path(self.log.name).read_text()[-300:]
                raise RuntimeError(f"the camera does not start ({self.process.poll()}): {end}")

    def answers(self) -> bool:
        self.client.send(command(DISCOVERY, request_id=0xFFFF))
        try:
            return self.client.receive(0.01).request_id == 0xFFFF
        except NoAnswer:
            return False

    def save(self) -> None:
        self.client.write((features.address("UserSetSave"), 1))

    def save_and_die(self, after_s: float) -> bool:
        payload = struct.pack(">II", features.address("UserSetSave"), 1)
        return self.write_and_die(WRITEREG, payload, after_s)

    def write_and_die(self, code: int, payload: bytes, after_s: float) -> bool:
        """Whether the camera had said that it has saved when it was killed."""
        request_id = self.client.next_id()
        self.drain()
        began = time.perf_counter()
        self.client.send(command(code, payload, request_id))
        while time.perf_counter() - began < after_s:
            pass  # A sleep is not exact enough.
        self.kill()
        return any(ack.request_id == request_id and ack.status == 0 for ack in self.drain())

    def drain(self) -> list:
        self.client.socket.setblocking(False)
        acks = []
        with contextlib.suppress(BlockingIOError):
            while True:
                acks.append(parse_ack(*self.client.socket.recvfrom(65536)))
        return acks

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()

    def __enter__(self) -> Victim:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()
        self.client.socket.close()


def time_of_a_save(victim: Victim) -> float:
    times = []
    for _ in range(10):
        began = time.perf_counter()
        victim.save()
        times.append(time.perf_counter() - began)
    return sorted(times)[5]


def kills(checks: Checks, count: int, address: str, seed: int) -> None:
    dice = random.Random(seed)
    names = list(configuration(0))
    tally = {"old": 0, "new": 0, "acknowledged": 0, "in the middle of writing": 0}
    torn, lost = [], []
    with tempfile.TemporaryDirectory(prefix="gigemu-kills-") as folder:
        with Victim(address, Path(folder)) as victim:
            features.put(victim.client, "UserSetSelector", "UserSet1")
            features.put(victim.client, "UserSetDefault", "UserSet1")
            victim.client.write(*pairs(configuration(0)))
            reach_s = 2 * time_of_a_save(victim)
        old = new = 0  # Numbers of the configurations that the camera may wake up with.
        acknowledged = True
        for number in range(1, count + 2):
            with Victim(address, Path(folder)) as victim:
                found = read_back(victim.client, names)
                woke_up_new = found == configuration(new)
                if not woke_up_new and found != configuration(old):
                    torn.append((number, found))
                    break
                if acknowledged and not woke_up_new:
                    lost.append(number)
                if number > 1:
                    tally["new" if woke_up_new else "old"] += 1
                    reach_s *= 1 / REACH_STEP if woke_up_new else REACH_STEP
                if number > count:
                    break
                old, new = (new if woke_up_new else old), number
                features.put(victim.client, "UserSetSelector", "UserSet1")
                victim.client.write(*pairs(configuration(new)))
                acknowledged = victim.save_and_die(dice.uniform(0, reach_s))
            tally["in the middle of writing"] += bool(list(Path(folder).glob("*.new")))
            tally["acknowledged"] += acknowledged
        damaged = list(Path(folder).glob("*.damaged*"))
        log = (Path(folder) / "log").read_text()
    checks.equal(
        f"{count} kills within {reach_s * 1e3:.1f} ms: each woke up with the old set or the new, whole",
        torn,
        [],
    )
    checks.equal("no set was lost that had been acknowledged", lost, [])
    checks.equal("no file was damaged", damaged, [])
    checks.that("no camera complained", "cannot" not in log, log[-300:])
    checks.that(f"the kills came before, during and after: {tally}", min(tally["old"], tally["new"]) > 0)


def names(checks: Checks, count: int, address: str, seed: int) -> None:
    """The user-defined name is written by one command, and is never half of one and half of another."""
    dice = random.Random(seed)
    tally = {"old": 0, "new": 0}
    torn, lost = [], []
    with tempfile.TemporaryDirectory(prefix="gigemu-kills-") as folder:
        new, old, acknowledged, reach_s = b"A" * 15, b"", False, 0.02
        with Victim(address, Path(folder)) as victim:
            victim.client.write_memory(USER_NAME, new + b"\0")
            acknowledged = True
        for number in range(1, count + 2):
            with Victim(address, Path(folder)) as victim:
                found = victim.client.read_memory(USER_NAME, 16).rstrip(b"\0")
                if found not in (old, new):
                    torn.append(found)
                if acknowledged and found != new:
                    lost.append((found, new))
                if number > 1:
                    tally["new" if found == new else "old"] += 1
                    reach_s *= 1 / REACH_STEP if found == new else REACH_STEP
                if number > count:
                    break
                old, new = found, bytes([ord("A") + number % 26]) * 15
                payload = struct.pack(">I", USER_NAME) + new + b"\0"
                acknowledged = victim.write_and_die(WRITEMEM, payload, dice.uniform(0, reach_s))
    checks.equal(f"{count} kills while it is named: each woke up with the old name or the new, whole", torn, [])
    checks.equal("no name was lost that had been acknowledged", lost, [])
    checks.that(f"the kills came before and after: {tally}", min(tally.values()) > 0)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kills", type=int, default=30)
    arguments.add_argument("--seed", type=int, default=1, help="of the moments of death")
    arguments.add_argument("--address", default="127.0.0.1")
    chosen = arguments.parse_args()
    checks = Checks()
    checks.section(kills, chosen.kills, chosen.address, chosen.seed)
    checks.section(names, chosen.kills, chosen.address, chosen.seed)
    checks.finish()


if __name__ == "__main__":
    main()
