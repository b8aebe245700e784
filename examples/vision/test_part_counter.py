"""part_counter.py against the truth: 100 parts, a pulled cable, and versions of it that are worse and must not pass.

    apt-get install python3-pytest python3-gi gir1.2-aravis-0.8 python3-opencv python3-pyzbar
    cd examples/vision && PYTHONPATH=../python /usr/bin/python3 -m pytest -p gigemu
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from gigemu import Gigemu, Json, NotSeen, wait_until

PROGRAM = Path(__file__).with_name("part_counter.py")
PX_PER_M = 3930
DEADLINE_S = 120  # not a promise: the machine may be busy


def belt(speed_m_s: float) -> pytest.MarkDecorator:
    """Of small parts, which are rendered in less time than large ones."""
    keys = {"part_size_m": [0.054, 0.036], "pitch_m": 0.09, "speed_m_s": speed_m_s}
    options = [text for key, value in keys.items() for text in ("--set-scene", f"conveyor.{key}={value}")]
    return pytest.mark.gigemu(scene="conveyor", seed=3, options=options)


class Station:
    """The program at a camera above the belt, with a light barrier that sees each part once."""

    def __init__(self, camera: Gigemu, *options: str, program: Path = PROGRAM) -> None:
        self.camera = camera
        scene = camera.world.get()["content"]["conveyor"]
        self._period_ns = round(scene["pitch_m"] / scene["speed_m_s"] * 1e9)
        self._output = camera.recordings / f"{program.stem}.jsonl"  # Evidence, where a test fails.
        self._command = [sys.executable, str(program), camera.address, "--trigger", "Line1", *options]
        self._command += ["--speed-px-s", str(scene["speed_m_s"] * PX_PER_M), "--unread", str(camera.recordings)]

    def __enter__(self) -> Station:
        self.camera.recording.frames(self._output.stem, count=4)
        with self._output.open("w") as output, self._output.with_suffix(".log").open("w") as log:
            self.process = subprocess.Popen(self._command, stdout=output, stderr=log)
        try:
            self.camera.journal.wait_for(timeout=20, feature="AcquisitionStart")
        except NotSeen:
            self.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(DEADLINE_S)
        self.camera.recording.stop_frames()

    def light_barrier(self, parts: int) -> None:
        """So many parts pass it, from the next one on: where no part is at the border of the view."""
        at_ns = (self.camera.clock.time_ns // self._period_ns + 3.5) * self._period_ns
        self.camera.trigger_in.train(period_us=self._period_ns / 1e3, at_ns=round(at_ns), count=parts)

    def count(self, parts: int) -> list[str | None]:
        """Lets so many parts pass as fast as this machine renders them, and a few behind them."""
        self.light_barrier(parts + 20)
        self.camera.clock.run("fast")
        self.process.wait(DEADLINE_S)
        return self.codes()

    def codes(self) -> list[str | None]:
        lines = self._output.read_text().splitlines(keepends=True)
        return [json.loads(line)["code"] for line in lines if line.endswith("\n")]


def sent(camera: Gigemu) -> list[Json]:
    return [block for block in camera.journal.blocks() if block["dropped"] is None and "last_ns" in block]


def in_view(camera: Gigemu, blocks: list[Json]) -> list[str]:
    """Codes of the parts that these images show as a whole, in the order of the belt."""
    images = [camera.truth.exposure(block["frame"]) for block in blocks]
    parts = [item for image in images for item in image["items"] if item["kind"] == "part"]
    codes = {f"gigemu:{part['content']}" for part in parts if part["visible"] == "whole"}
    return sorted(codes, key=lambda code: (len(code), code))


def judge(codes: list[str | None], wanted: list[str], seen: list[str]) -> dict[str, Any]:
    """What is wrong with these codes: up to the last, all that are wanted must be there, others of `seen` may."""
    read = [code for code in codes if code in seen]
    passed = seen[: seen.index(read[-1]) + 1] if read else seen[: len(codes)]
    findings = {
        "missed": [code for code in passed if code in wanted and code not in read],
        "twice": [code for code, times in Counter(read).items() if times > 1],
        "unread": codes.count(None),
        "strange": [code for code in codes if code is not None and code not in seen],
        "out of order": [b for a, b in pairwise(read) if seen.index(b) < seen.index(a)],
    }
    return {name: found for name, found in findings.items() if found}


def worse(folder: Path, name: str, line: str, instead: str) -> Path:
    """A copy of the program with one line changed."""
    text = PROGRAM.read_text()
    assert text.count(line) == 1, f"{PROGRAM.name} has no such line: {line}"
    copy = folder / f"{name}.py"
    copy.write_text(text.replace(line, instead))
    return copy


def findings_of_count(camera: Gigemu, parts: int, *options: str, program: Path = PROGRAM) -> dict[str, Any]:
    with Station(camera, "--parts", str(parts), *options, program=program) as station:
        codes = station.count(parts)
    assert len(codes) == parts
    seen = in_view(camera, sent(camera))
    return judge(codes, seen, seen)


@belt(speed_m_s=0.2)
def test_100_parts_are_counted_and_read(gigemu: Gigemu) -> None:
    findings = findings_of_count(gigemu, 100)
    assert not findings, json.dumps(findings, indent=1)


@belt(speed_m_s=0.2)
def test_worse_programs_are_found(gigemu: Gigemu, tmp_path: Path) -> None:
    for name, line, instead, finding in (
        ("blurred", '"--exposure-us", type=float, default=500', '"--exposure-us", type=float, default=20000', "unread"),
        ("not_told_apart", "abs(part.belt_px - belt_px) < tolerance_px", "False", "twice"),
        ("without_motion", "left + width / 2 - image.time_s * self._speed_px_s", "left + width / 2", "twice"),
        ("bright_parts_only", "CONTRAST = 1.6", "CONTRAST = 5", "missed"),
    ):
        if name == "blurred":
            gigemu.world.patch({"light": {"illuminance_lx": 75}})  # of 3000, for 40 times the exposure
        findings = findings_of_count(gigemu, 8, program=worse(tmp_path, name, line, instead))
        assert finding in findings, f"{name}: {findings}"
        gigemu.reset()


def goes_on_after_the_cable_was_out(camera: Gigemu, program: Path, patience_s: float) -> bool:
    """Whether parts are read again. All that is read must be right, and no part may be missed but for the cable."""
    camera.features["GevHeartbeatTimeout"] = 1500  # ms, so that 2 s without a cable end the control of the client
    with Station(camera, program=program) as station:
        station.light_barrier(1000)
        assert wait_until(station.codes, DEADLINE_S)
        pulled_ns = camera.clock.time_ns
        cable = camera.faults.cable_out(seconds=2)
        assert wait_until(lambda: cable.state == "over", DEADLINE_S)
        back_ns, before = camera.clock.time_ns, len(station.codes())
        goes_on = wait_until(lambda: len(station.codes()) >= before + 6, patience_s)
    blocks = sent(camera)
    arrived = [block for block in blocks if block["last_ns"] < pulled_ns or block["first_ns"] > back_ns]
    findings = judge(station.codes(), in_view(camera, arrived), in_view(camera, blocks))
    assert not findings, json.dumps(findings, indent=1)
    return goes_on


@belt(speed_m_s=0.36)
def test_counting_goes_on_after_a_pulled_cable(gigemu: Gigemu, tmp_path: Path) -> None:
    assert goes_on_after_the_cable_was_out(gigemu, PROGRAM, DEADLINE_S)
    assert gigemu.journal.count(feature="AcquisitionStart") >= 2
    gigemu.reset()
    gives_up = worse(tmp_path, "gives_up", "raise ConnectionLost(", "note(")
    assert not goes_on_after_the_cable_was_out(gigemu, gives_up, patience_s=2)
