#!/usr/bin/env python3
"""examples/python: the module that drives gigemu from Python, its example as it is written, and what is kept of a test that
fails."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from camera import ROOT, program
from checks import SKIPPED, Checks

FOLDER = ROOT / "examples" / "python"
PYTHON = "/usr/bin/python3"  # which has pytest, from Debian's package
FAILS = """
import pytest

@pytest.mark.gigemu(scene="flat_field")
def test_fails(gigemu):
    gigemu.faults.loss(0.5)
    assert gigemu.features["Width"] == 1

def test_fails_a_scenario(gigemu_scenario):
    steps = [{"expect": {"journal": {"command": "ACTION_CMD"}}}]
    result = gigemu_scenario({"name": "no_action", "camera": {"scene": "flat_field"}, "steps": steps})
    assert result.passed, result.failures
"""


def pytest(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"GIGEMU": program(), "PYTHONPATH": str(FOLDER), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [PYTHON, "-m", "pytest", "-q", "-p", "gigemu", "-p", "no:cacheprovider", *options, str(folder)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200)


def example(checks: Checks) -> None:
    run = pytest(FOLDER)
    checks.that("the example passes as it is written", run.returncode == 0, run.stdout[-800:])
    checks.that("all of it", "5 passed" in run.stdout, run.stdout[-200:])


def evidence(checks: Checks) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_fails.py").write_text(FAILS)
        run = pytest(folder, "--gigemu-evidence", str(folder / "kept"))
        checks.equal("a test that fails fails", run.returncode, 1)
        checks.that("and says where its evidence is", "kept/test_fails" in run.stdout, run.stdout[-400:])
        kept = folder / "kept" / "test_fails"
        files = sorted(path.name for path in kept.iterdir())
        wanted = {"journal.json", "blocks.json", "signals.json", "faults.json", "features.json", "output.txt", "truth.json"}
        checks.that("journal, signals, faults and packets are kept", wanted < set(files), files)
        checks.that("with packets", any(file.endswith(".pcapng") for file in files), files)
        faults = json.loads((kept / "faults.json").read_text())["faults"]
        checks.that("a scenario that fails says what was seen", "0 of 0 do" in run.stdout, run.stdout[-800:])
        checks.that("and keeps it", (folder / "kept/test_fails_a_scenario/no_action/journal.json").is_file())
        checks.equal("as they were", [fault["fault"] for fault in faults], ["packet_loss"])


def main() -> None:
    checks = Checks()
    if subprocess.run([PYTHON, "-c", "import pytest"], capture_output=True).returncode:
        print("skip  python_module.py: python3-pytest is not installed")
        sys.exit(SKIPPED)
    if not shutil.which("arv-tool-0.8"):
        print("skip  python_module.py: aravis-tools-cli is not installed")
        sys.exit(SKIPPED)
    for section in (example, evidence):
        checks.section(section)
    checks.finish()


if __name__ == "__main__":
    main()
