"""Counts what was checked, one printed line each, and ends a script with the code that says how it went."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable

from wire import Ack, Client, Refused

SKIPPED = 77


class Checks:
    def __init__(self) -> None:
        self.passed = self.failed = self.skipped = 0
        # Whoever ends a script early still has its cameras and namespaces taken away.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))

    def that(self, sentence: str, true: bool, detail: object = "") -> bool:
        self.passed += bool(true)
        self.failed += not true
        print(
            f"{'ok   ' if true else 'FAIL '} {sentence}" + ("" if true or detail == "" else f": {detail}"),
            flush=True,
        )
        return bool(true)

    def equal(self, sentence: str, got: object, wanted: object) -> bool:
        return self.that(sentence, got == wanted, f"{got!r} instead of {wanted!r}")

    def skip(self, sentence: str, reason: str) -> None:
        self.skipped += 1
        print(f"skip  {sentence}: {reason}", flush=True)

    def status(self, sentence: str, ack: Ack | None, wanted: int) -> bool:
        """The acknowledge has this status; a refusal brings nothing else."""
        if ack is None:
            return self.that(sentence, False, "silence")
        return self.that(sentence, ack.status == wanted, f"status {ack.status:04x} instead of {wanted:04x}")

    def refused(self, sentence: str, wanted: int, act: Callable[[], object]) -> bool:
        try:
            got = act()
        except Refused as refusal:
            return self.that(
                sentence, refusal.status == wanted, f"status {refusal.status:04x} instead of {wanted:04x}"
            )
        return self.that(sentence, False, f"it was done: {got!r}")

    def silent(self, sentence: str, client: Client, datagram: bytes) -> bool:
        """Nothing comes back, and the camera answers the question behind it."""
        ack = client.first_after(datagram)
        return self.that(sentence, ack is None, ack and ack.raw[:16].hex())

    def section(self, act: Callable[..., None], *arguments: object) -> None:
        """Runs a part of a script; what it raises is a failed check, and the next part goes on."""
        try:
            act(self, *arguments)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            last_own = [
                frame for frame in traceback.extract_tb(error.__traceback__) if frame.name == act.__name__
            ]
            line = (last_own or [where])[-1].lineno
            self.that(
                f"{act.__name__} runs to its end", False, f"{type(error).__name__}: {error} (line {line})"
            )

    def finish(self) -> None:
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        if self.failed:
            sys.exit(1)
        sys.exit(SKIPPED if self.skipped and not self.passed else 0)
