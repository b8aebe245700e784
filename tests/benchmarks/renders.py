"""What a change of lens costs: the table of `render_bench`, scene by scene."""

from __future__ import annotations

import subprocess

from servers import build_folder
from tables import Table

QUICK = ["--quick", "colour_chart", "siemens_star"]
TEXT = (
    "The picture for a lens at rest (goal: 150 ms) and a frame while a motor moves (goal: 25 ms), the median of "
    "three; with two threads, elapsed and processor time. Focus is at its near end, on the nearest item, or at infinity."
)


MOTION = (
    "Frames of a scene with moving things, whole, 36 a second or as many as the exposure allows: the first one, which "
    "renders the picture, and those that follow; goal for these: 1.5 periods at most. Processor time of two threads."
)


def rows_of(*arguments: str) -> list[list[str]]:
    command = [str(build_folder() / "render_bench"), *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines()]


def table(name: str, rows: list[list[str]], text: str) -> Table:
    result = Table(name, rows[0], text)
    for row in rows[2:]:
        result.add(*row)
    return result


def tables(quick: bool) -> list[Table]:
    renders = table("Renders (`render_bench`)", rows_of(*(QUICK if quick else [])), TEXT)
    if quick:
        return [renders]
    return [renders, table("Moving things (`render_bench --motion`)", rows_of("--motion", "conveyor"), MOTION)]
