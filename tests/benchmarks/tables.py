"""Tables of results, as Markdown, and what is told of several runs."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field


@dataclass
class Table:
    title: str
    columns: Sequence[str]
    text: str = ""
    rows: list[Sequence[object]] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        self.rows.append(cells)

    def markdown(self) -> str:
        lines = [f"### {self.title}", ""]
        if self.text:
            lines += [self.text, ""]
        lines += [line(self.columns), line(["---"] * len(self.columns)), *map(line, self.rows), ""]
        return "\n".join(lines)


def line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    pairs: int
    blocks: int  # of each run
    starts: int
    triggers: int
    round_trips: int
    cell_s: float  # of a rate cell
    cell_runs: int


QUICK = Effort(pairs=2, blocks=12, starts=5, triggers=12, round_trips=500, cell_s=1, cell_runs=1)
FULL = Effort(pairs=5, blocks=108, starts=20, triggers=60, round_trips=2000, cell_s=10, cell_runs=3)


def spread(values: Iterable[float], digits: int = 2) -> str:
    """The median, and from where to where the values go."""
    ordered = sorted(values)
    middle = statistics.median(ordered)
    return f"{middle:.{digits}f} ({ordered[0]:.{digits}f} to {ordered[-1]:.{digits}f})"


def p50_p90(values: Sequence[float], digits: int = 2) -> tuple[str, str]:
    ordered = sorted(values)
    ninth = ordered[min(len(ordered) - 1, round(0.9 * (len(ordered) - 1)))]
    return f"{statistics.median(ordered):.{digits}f}", f"{ninth:.{digits}f}"


def interleaved(count: int, one: Callable[[], dict], other: Callable[[], dict]) -> list[tuple[dict, dict]]:
    """Pairs of runs, one directly after the other: what the host does meanwhile meets both."""
    return [(one(), other()) for _ in range(count)]


def ratios(pairs: list[tuple[dict, dict]], value: Callable[[dict], float]) -> list[float]:
    """The second of each pair as a part of the first."""
    return [value(second) / value(first) for first, second in pairs]


def median_of(runs: Iterable[dict], value: Callable[[dict], float]) -> float:
    return statistics.median(value(run) for run in runs)
