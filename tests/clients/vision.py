#!/usr/bin/env python3
"""examples/vision: its tests as they are written. They hold the program against the truth, and worse versions of it."""

from __future__ import annotations

import os
import subprocess
import sys

from camera import ROOT, program
from checks import SKIPPED, Checks

FOLDER = ROOT / "examples" / "vision"
PYTHON = "/usr/bin/python3"  # which has the packages of Debian
NEEDED = "import cv2, gi, pytest; from pyzbar import pyzbar; gi.require_version('Aravis', '0.8')"


def example(checks: Checks) -> None:
    environment = os.environ | {
        "GIGEMU": program(),
        "PYTHONPATH": str(ROOT / "examples" / "python"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [PYTHON, "-m", "pytest", "-q", "-p", "gigemu", "-p", "no:cacheprovider", str(FOLDER)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280)
    checks.that("the example passes as it is written", run.returncode == 0, run.stdout[-3000:])
    checks.that("all of it", "3 passed" in run.stdout, run.stdout[-200:])


def main() -> None:
    checks = Checks()
    if subprocess.run([PYTHON, "-c", NEEDED], capture_output=True).returncode:
        print("skip  vision.py: python3-pytest, python3-opencv, python3-pyzbar or gir1.2-aravis-0.8 is not installed")
        sys.exit(SKIPPED)
    checks.section(example)
    checks.finish()


if __name__ == "__main__":
    main()
