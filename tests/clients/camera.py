"""Starts the program under test, and ends it the way its user would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READY = "gigemu ready: "
READY_S, END_S = 60.0, 10.0  # Bounds, not promises: the machine may be busy.

QUICK = "flat_field"  # A scene that is quickly rendered.


def program() -> str:
    return os.environ.get("GIGEMU", str(ROOT / "build" / "gigemu"))


class Camera:
    """A running camera. Leaving the context ends it by SIGTERM, and fails if it does not end cleanly."""

    def __init__(
        self,
        *options: str,
        address: str = "127.0.0.1",
        interface: str = "",
        config: dict | None = None,
        netns: str = "",
        scene: str = QUICK,
        log_level: str = "warning",
        through: list[str] | None = None,
        ready_s: float = READY_S,
    ) -> None:
        """Switches it on in its factory state, unless options say otherwise: clients write what they want, and
        `features.configure` does it for them. Only the lens stands where the scene suggests.

        With an `interface` the camera chooses its address itself. `through` is a command that runs the program, for
        example with less rights.
        """
        self.address = address
        self._ready_s = ready_s
        self._files = tempfile.TemporaryDirectory(prefix="gigemu-")
        self._output = Path(self._files.name) / "output"
        prefix = ["ip", "netns", "exec", netns] if netns else []
        place = ["--interface", interface] if interface else ["--address", address]
        self._command = [*prefix, *(through or []), program(), *place, "--scene", scene]
        self._command += ["--log-level", log_level, *options]
        if config is not None:
            file = Path(self._files.name) / "config.json"
            file.write_text(json.dumps(config))
            self._command += ["--config", str(file)]

    def __enter__(self) -> Camera:
        with self._output.open("w") as output:
            self.process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        try:
            self._await_ready()
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        return self

    def _await_ready(self) -> None:
        deadline = time.monotonic() + self._ready_s
        while READY not in self.output:
            if self.process.poll() is not None:
                raise RuntimeError(f"gigemu ended with {self.process.returncode}: {self.output.strip()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"gigemu is not ready after {self._ready_s} s: {self.output.strip()}")
            time.sleep(0.02)

    @property
    def output(self) -> str:
        return self._output.read_text(errors="replace")

    @property
    def ready_line(self) -> str:
        return next(line for line in self.output.splitlines() if line.startswith(READY))

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def end(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """Ends the program and returns its exit code; it is killed only if it does not end by itself."""
        self.process.send_signal(with_signal)
        try:
            return self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return -signal.SIGKILL

    def __exit__(self, kind: object, *_: object) -> None:
        code = self.process.returncode if not self.runs else self.end()
        output = self.output.strip()
        self._files.cleanup()
        if code != 0 and kind is None:
            raise RuntimeError(f"gigemu ended with {code}: {output[-500:]}")


def ask_program(*question: str) -> str:
    """What the program prints without a network."""
    return subprocess.run(
        [program(), *question], check=True, capture_output=True, text=True, timeout=30
    ).stdout
