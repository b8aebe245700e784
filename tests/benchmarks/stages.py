"""The stage programs: what a part of the camera costs, beside a plain copy of a frame in the same run."""

from __future__ import annotations

import json
import subprocess

from servers import build_folder
from tables import Table

PROGRAMS = {
    "lens_bench": "Draw and blur of a whole picture",
    "sensor_bench": "Sensor",
    "isp_bench": "Image processing and packing",
    "stream_bench": "Packetising and sending",
    "control_bench": "Register access and description file",
    "frame_bench": "Frames of the whole image path",
}
COPY = "memcpy_of_a_frame"
MS = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}
QUICK_OPTIONS = ["--benchmark_min_time=0.02"]
# What takes long alone: moves of the lens, other instruction sets, and what is done once.
QUICK_LEAVES_OUT = "move|baseline|pattern|depths"


def results(program: str, quick: bool) -> list[dict]:
    command = [str(build_folder() / program), "--benchmark_format=json"]
    if quick:
        command += [*QUICK_OPTIONS, f"--benchmark_filter=-{QUICK_LEAVES_OUT}"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return [one for one in json.loads(done.stdout)["benchmarks"] if not one.get("error_occurred")]


def ms(result: dict, which: str) -> float:
    return result[which] * MS[result["time_unit"]]


def table_of(program: str, title: str, quick: bool) -> Table:
    table = Table(f"{title} (`{program}`)", ("stage", "elapsed, ms", "processor, ms", "ns per pixel", "of a copy"))
    found = results(program, quick)
    copy_ms = next(ms(one, "cpu_time") for one in found if one["name"] == COPY)
    for one in found:
        pixel = f"{one['ns/px']:.3f}" if "ns/px" in one else ""
        processor = ms(one, "cpu_time")
        table.add(
            one["name"].removesuffix("/real_time"),
            f"{ms(one, 'real_time'):.4g}",
            f"{processor:.4g}",
            pixel,
            f"{processor / copy_ms:.3g}",
        )
    return table


def tables(quick: bool) -> list[Table]:
    return [table_of(program, title, quick) for program, title in PROGRAMS.items()]
