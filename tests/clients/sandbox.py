#!/usr/bin/env python3
"""The sandbox: all threads of the program are in it, nothing that a client does needs more, and it can be left out."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import features
from camera import Camera, program
from checks import Checks
from session import Session
from web import Web

CAMERA, PORT = "127.0.3.14", 8080
IN_FORCE = {"NoNewPrivs": "1", "Seccomp": "2"}


def states(pid: int) -> list[dict[str, str]]:
    """Of each thread."""
    texts = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/status")]
    return [{name: re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)[1] for name in IN_FORCE} for text in texts]


def told(camera: Camera) -> str:
    return next((line for line in camera.output.splitlines() if "sandbox: " in line), "")


def works(checks: Checks) -> None:
    with tempfile.TemporaryDirectory() as folder:
        state, records = Path(folder, "state"), Path(folder, "records")
        records.mkdir()
        options = ("--state-dir", str(state), "--record-dir", str(records))
        with Camera(*options, address=CAMERA, log_level="info") as camera:
            if "system call filter in force" not in told(camera):
                return checks.skip("the sandbox", told(camera))
            checks.that("every thread is in it", all(one == IN_FORCE for one in states(camera.process.pid)))
            web = Web(PORT, CAMERA)
            features.configure(CAMERA)
            web.tell("POST", "/api/v1/camera/recording", {"name": "one"})
            with Session(CAMERA, "127.0.0.1") as session:
                session.start()
                session.receiver.collect(3)
                session.stop()
                session.put("UserSetSelector", "UserSet1")
                session.put("UserSetSave")
            web.tell("DELETE", "/api/v1/camera/recording")
            checks.that("a user set is saved", "UserSet1" in (state / "39265001.json").read_text())
            checks.that("a recording is made", (records / "one.pcapng").stat().st_size > 1000)
            checks.that("every thread still is in it", all(one == IN_FORCE for one in states(camera.process.pid)))


def can_be_chosen(checks: Checks) -> None:
    with Camera("--sandbox", "off", address=CAMERA, log_level="info") as camera:
        checks.that("off is told", told(camera).endswith("sandbox: off"), camera.output)
        checks.that("off is off", all(one["Seccomp"] == "0" for one in states(camera.process.pid)))
    done = subprocess.run([program(), "--sandbox", "maybe"], capture_output=True, text=True, timeout=60)
    checks.equal("another word is refused", done.returncode, 2)


def main() -> None:
    checks = Checks()
    for section in (works, can_be_chosen):
        checks.section(section)
    checks.finish()


if __name__ == "__main__":
    main()
