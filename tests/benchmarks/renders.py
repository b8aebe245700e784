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


def tables(quick: bool) -> list[Table]:
    command = [str(build_folder() / "render_bench"), *(QUICK if quick else [])]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines()]
    table = Table("Renders (`render_bench`)", rows[0], TEXT)
    for row in rows[2:]:
        table.add(*row)
    return [table]
