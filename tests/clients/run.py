#!/usr/bin/env python3
"""Runs all tests with real clients, or those that are named, and ends with one line that counts them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from checks import SKIPPED

HERE = Path(__file__).parent
SCRIPTS = [
    "bad_input",
    "control",
    "power_up",
    "packet_size",
    "addresses",
    "kills",
    "stream",
    "many_cameras",
    "ptp",
    "together",
    "events",
    "frame_rates",
    "capture",
    "web",
    "factory_state",
    "node_map",
    "aravis_test",
    "contract_test",
    "formats",
]
BOUND_S = 300


def run(name: str) -> tuple[str, str]:
    """The outcome of one script and what it printed."""
    command = [sys.executable, str(HERE / f"{name}.py")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        output, _ = process.communicate(timeout=BOUND_S)
    except subprocess.TimeoutExpired:
        process.terminate()  # It still takes away what it has made.
        output, _ = process.communicate()
        return "failed", f"{output}FAIL  {name} takes longer than {BOUND_S} s"
    return {0: "passed", SKIPPED: "skipped"}.get(process.returncode, "failed"), output


def main() -> None:
    outcomes = {"passed": 0, "failed": 0, "skipped": 0}
    for name in sys.argv[1:] or SCRIPTS:
        began = time.monotonic()
        outcome, output = run(name)
        outcomes[outcome] += 1
        lines = output.splitlines()
        for line in lines[:-1]:
            if not line.startswith("ok "):
                print(f"      {line}")
        print(
            f"{outcome:8}{name}: {lines[-1] if lines else 'no output'} in {time.monotonic() - began:.1f} s",
            flush=True,
        )
    print(", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))
    sys.exit(1 if outcomes["failed"] else 0)


if __name__ == "__main__":
    main()
