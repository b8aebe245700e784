#!/usr/bin/env python3
"""Benchmarks: a program for each stage, and the whole camera beside Aravis's fake camera in the same run.

The whole run takes about 45 minutes, and writes its tables to docs/performance.md. `--quick` takes below two minutes
and prints them; it writes nothing. `--only PART` measures one part and prints it.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "clients"))
os.environ.setdefault("GIGEMU", str(ROOT / "build" / "gigemu"))

import floods  # noqa: E402
import netns  # noqa: E402
import rates  # noqa: E402
import responses  # noqa: E402
import servers  # noqa: E402
import renders  # noqa: E402
import stages  # noqa: E402
import whole_camera  # noqa: E402
from tables import FULL, QUICK, Effort, Table  # noqa: E402
from wire import NoAnswer  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
ISOLATED = "GIGEMU_BENCH_ISOLATED"
PARTS: dict[str, Callable[[Effort], list[Table]]] = {
    "processor": lambda effort: [whole_camera.processor_time(effort)],
    "formats": lambda effort: [whole_camera.formats(effort)],
    "unthrottled": lambda effort: [whole_camera.unthrottled(effort)],
    "latency": lambda effort: [responses.latency(effort)],
    "start": lambda effort: [responses.start_and_memory(effort)],
    "registers": lambda effort: [responses.registers(effort)],
    "cells": lambda effort: [rates.cells(effort)],
    "fleets": lambda effort: [rates.fleets(effort)],
    "floods": floods.tables,
    "renders": lambda effort: renders.tables(effort is QUICK),
    "stages": lambda effort: stages.tables(effort is QUICK),
}
NOT_QUICK = ("cells", "fleets", "floods")
TEXT = """\
# Performance

Written by `./dev bench` ([tests/benchmarks](../tests/benchmarks)); a change that claims speed shows these tables before
and after. Numbers belong to the machine and the run below; what holds elsewhere are the ratios.

The incumbent is `{incumbent}` of Aravis, which draws a gradient. Both servers have the same client: plain GVCP and a
receiver that counts packets with `recvmmsg`, on loopback of a network namespace of their own, with a receive buffer of
4 MiB. Runs of the two take turns; a ratio is the median of the pairs, with the lowest and the highest in brackets.
Processor time is user and system time of the whole process, from /proc.

What limits: with single packets the kernel's work on each packet is most of what sending costs (`sending` beside
`packetising` in the table of `stream_bench`; on loopback it includes the receiving half), and at the pace of the link
waking up for each burst comes on top (`paced_sending`). Neither `sendmmsg` nor the content of frames changes it; larger
packets and segmentation offload (`link.gso`) do.

"""


def output_of(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip()


def processor_name() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def cached(name: str) -> str:
    lines = (servers.build_folder() / "CMakeCache.txt").read_text().splitlines()
    return next((line.partition("=")[2] for line in lines if line.startswith(f"{name}:")), "unknown")


def load_average() -> str:
    return " ".join(f"{one:.2f}" for one in os.getloadavg())


def conditions(options: argparse.Namespace) -> Table:
    table = Table("Conditions", ("what", "is"))
    package = output_of("dpkg-query", "-W", "-f", "${Version}", "aravis-tools-cli")
    changed = " with changes" if output_of("git", "status", "--porcelain", "--untracked-files=no") else ""
    table.add("date", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()))
    table.add("processor", f"{processor_name()}, {os.cpu_count()} cores")
    table.add("kernel", platform.release())
    table.add("compiler", output_of(cached("CMAKE_CXX_COMPILER"), "--version").partition("\n")[0])
    table.add("build type", cached("CMAKE_BUILD_TYPE"))
    table.add("load average before", load_average())
    table.add("gigemu", output_of("git", "rev-parse", "--short", "HEAD") + changed)
    table.add("Aravis", package or "unknown")
    table.add("command", " ".join(["./dev bench", *sys.argv[1:]]))
    table.add("pairs of runs, frames of each", f"{effort_of(options).pairs}, {effort_of(options).blocks}")
    return table


def effort_of(options: argparse.Namespace) -> Effort:
    return QUICK if options.quick else dataclasses.replace(FULL, cell_runs=options.cell_runs)


def enter_namespace() -> None:
    """The script starts again where no other camera is."""
    if ISOLATED in os.environ:
        return
    enter = netns.isolated()
    if not enter:
        sys.exit(f"bench.py: {netns.REASON}")
    os.environ[ISOLATED] = "1"
    os.execvp(enter[0], [*enter, sys.executable, *sys.argv])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a short run that prints its tables and writes nothing")
    parser.add_argument("--only", choices=PARTS, metavar="PART", help=f"one of {', '.join(PARTS)}")
    parser.add_argument("--cell-runs", type=int, default=FULL.cell_runs, help="runs of each rate cell, of 10 s each")
    return parser.parse_args()


def chosen(options: argparse.Namespace) -> list[str]:
    if options.only:
        return [options.only]
    return [name for name in PARTS if not (options.quick and name in NOT_QUICK)]


def measured(name: str, effort: Effort) -> list[Table]:
    """The tables of a part; one that says why, where it failed: the others are worth having."""
    try:
        return PARTS[name](effort)
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError, NoAnswer) as error:
        return [Table(f"{name}: not measured", ("why",), rows=[(f"{type(error).__name__}: {error}",)])]


def main() -> None:
    options = arguments()
    enter_namespace()
    # Whoever ends a run early still has its cameras taken away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    began = time.monotonic()
    found = [conditions(options)]
    for name in chosen(options):
        part_began = time.monotonic()
        found += measured(name, effort_of(options))
        print(f"{name}: {time.monotonic() - part_began:.0f} s", file=sys.stderr, flush=True)
    found[0].add("load average after", load_average())
    tables = "\n".join(table.markdown() for table in found)
    if options.quick or options.only:
        print(tables)
    else:
        PAGE.write_text(TEXT.format(incumbent=servers.INCUMBENT) + tables)
        print(f"{PAGE.relative_to(ROOT)} is written")
    print(f"measured in {time.monotonic() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
