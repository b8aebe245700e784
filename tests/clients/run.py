#!/usr/bin/env python3
"""Runs all tests with real clients, or those that are named, and ends with one line that counts them; `--list` names them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import netns
from checks import SKIPPED

HERE = Path(__file__).parent
# The longest first.
SCRIPTS = [
    "page",
    "shutdown",
    "ptp",
    "examination",
    "stream_attacks",
    "aravis_test",
    "vision",
    "faults",
    "own_address",
    "stream",
    "together",
    "races",
    "truth",
    "web",
    "addresses",
    "scenarios",
    "recording",
    "auto_functions",
    "events",
    "clock",
    "python_module",
    "factory_state",
    "kills",
    "force_ip",
    "looked_at",
    "relay",
    "many_cameras",
    "schemas",
    "foreign_site",
    "overload",
    "control",
    "triggers",
    "capture",
    "node_map",
    "journal",
    "world",
    "calibration",
    "package",
    "frame_rates",
    "web_access",
    "contract_test",
    "formats",
    "power_up",
    "packet_size",
    "bad_input",
    "sandbox",
    "doctor",
]
BOUND_S = 300


def run(name: str) -> tuple[str, str]:
    """The outcome of one script, in a network namespace of its own, and what it printed."""
    command = [*netns.isolated(), sys.executable, str(HERE / f"{name}.py")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        output, _ = process.communicate(timeout=BOUND_S)
    except subprocess.TimeoutExpired:
        process.terminate()  # It still takes away what it has made.
        output, _ = process.communicate()
        return "failed", f"{output}FAIL  {name} takes longer than {BOUND_S} s"
    return {0: "passed", SKIPPED: "skipped"}.get(process.returncode, "failed"), output


def main() -> None:
    if sys.argv[1:] == ["--list"]:
        print(*SCRIPTS, sep="\n")
        return
    names = sys.argv[1:] or SCRIPTS
    outcomes = {"passed": 0, "failed": 0, "skipped": 0}
    for name in names:
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
    if len(names) > 1:
        print(", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))
    if outcomes["failed"]:
        sys.exit(1)
    sys.exit(0 if outcomes["passed"] else SKIPPED)


if __name__ == "__main__":
    main()
