"""Drives a gigemu camera from Python: starts it, sets faults, asks its journal, its signals and the truth of its frames.

    with Gigemu(scene="conveyor", seed=3) as cam:
        cam.faults.loss(0.01)
        subprocess.run(["my-client", cam.address])
        cam.journal.wait_for(command="WRITEREG_CMD", feature="AcquisitionStart")

One file, without dependencies, for Python 3.10 and later. As a pytest plugin (`pytest -p gigemu`, or `pytest_plugins =
["gigemu"]` in conftest.py) it has the fixture `gigemu`: a camera of its own for each test, whose options stand in a marker,
`@pytest.mark.gigemu(scene="conveyor", seed=3)`; and `gigemu_scenario`, which runs a scenario with a client and gives its
verdict. Where a test fails, journal, blocks, signals, faults, the truth of the last images and the packets of control are
kept in the folder of `--gigemu-evidence` (`gigemu-evidence` without it).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

Json = dict[str, Any]

GVCP_PORT = 3956
HTTP_PORT = 8080
READY = "gigemu ready: "


class GigemuError(Exception):
    """The program did not start, or ended by itself; the message has the end of its output."""


class Refused(GigemuError):
    """A request was refused: `status` of HTTP, `key` and one sentence of the problem document (RFC 9457)."""

    def __init__(self, status: int, problem: Json) -> None:
        self.status, self.problem = status, problem
        self.key: str = problem.get("key", "")
        super().__init__(f"{status}: {problem.get('detail', problem.get('title', ''))}")


class NotSeen(GigemuError):
    """`Journal.wait_for` has seen too little; `nearest` are entries that match most of what was asked for."""

    def __init__(self, problem: Json) -> None:
        self.nearest: list[Json] = problem.get("nearest", [])
        lines = "".join(f"\n  {json.dumps(entry)}" for entry in self.nearest)
        super().__init__(f"{problem.get('detail', 'not seen')}{lines and ' Nearest:'}{lines}")


class Http:
    """The HTTP interface of a camera (docs/http.md)."""

    def __init__(self, address: str, port: int = HTTP_PORT, token: str = "") -> None:
        self.url = f"http://{address}:{port}"
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def open(self, method: str, path: str, body: object = None, query: Json | None = None, timeout: float = 30) -> Any:
        """The answer as a file; raises Refused. `path` without a leading "/api/v1" is one of the camera's."""
        url = self.url + (path if path.startswith("/api/") else "/api/v1/camera" + path)
        wanted = {key: value for key, value in (query or {}).items() if value is not None}
        if wanted:
            url += "?" + urllib.parse.urlencode(wanted)
        headers = dict(self._headers)
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers["Content-Type"] = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            return urllib.request.urlopen(request, timeout=timeout)
        except urllib.error.HTTPError as error:
            with error:
                text = error.read()
            try:
                problem = json.loads(text)
            except ValueError:
                problem = {"detail": text.decode(errors="replace")[:200]}
            raise Refused(error.code, problem) from None

    def bytes(self, path: str, query: Json | None = None) -> bytes:
        with self.open("GET", path, query=query) as answer:
            return answer.read()

    def ask(self, method: str, path: str, body: object = None, query: Json | None = None, timeout: float = 30) -> Json:
        with self.open(method, path, body, query, timeout) as answer:
            return json.load(answer)

    def get(self, path: str, **query: Any) -> Json:
        return self.ask("GET", path, query=query)


@dataclass
class Fault:
    """A fault that was set. As a context it is removed at the end."""

    http: Http
    id: int
    kind: str

    @property
    def state(self) -> str:
        """planned, in_force or over."""
        return self.http.get(f"/faults/{self.id}")["state"]

    @property
    def hits(self) -> int:
        return self.http.get(f"/faults/{self.id}")["hits"]

    def remove(self) -> None:
        self.http.ask("DELETE", f"/faults/{self.id}")

    def __enter__(self) -> Fault:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(Refused):  # It may be cleared already.
            self.remove()


class Faults:
    """Faults by their kinds and keys (docs/faults.md)."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def set(self, kind: str, **keys: Any) -> Fault:
        answer = self._http.ask("POST", "/faults", {"fault": kind, **keys})
        return Fault(self._http, answer["id"], kind)

    def loss(self, rate: float = 1, **keys: Any) -> Fault:
        """Stream packets are lost: `blocks=[3], packets=[17]` chooses them."""
        return self.set("packet_loss", rate=rate, **keys)

    def cable_out(self, seconds: float, **keys: Any) -> Fault:
        return self.set("cable_out", for_us=seconds * 1e6, **keys)

    def list(self) -> list[Json]:
        return self._http.get("/faults")["faults"]

    def kinds(self) -> list[Json]:
        return self._http.get("/api/v1/faults")["kinds"]

    def clear(self) -> int:
        return self._http.ask("DELETE", "/faults")["cleared"]


class Journal:
    """What clients sent, and what came of it. Filters: command, client, feature, status, fault, since, from_ns."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def entries(self, **filters: Any) -> list[Json]:
        return self._http.get("/journal", **filters)["entries"]

    def count(self, **filters: Any) -> int:
        return self._http.get("/journal/count", **filters)["count"]

    def blocks(self, **query: Any) -> list[Json]:
        return self._http.get("/journal/blocks", **query)["blocks"]

    def wait_for(self, timeout: float = 5, count: int = 1, **filters: Any) -> list[Json]:
        """The entries, once there are so many; raises NotSeen after `timeout` seconds, 20 at most."""
        body = {"timeout_ms": round(timeout * 1e3), "count": count, **filters}
        try:
            return self._http.ask("POST", "/journal/wait", body, timeout=timeout + 10)["entries"]
        except Refused as refusal:
            if refusal.status != 408:
                raise
            raise NotSeen(refusal.problem) from None

    def forget(self) -> None:
        self._http.ask("DELETE", "/journal")


class Features:
    """The camera's features by name, as a mapping. Writes outrank a client that has control."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def __getitem__(self, name: str) -> Any:
        return self.describe(name)["value"]

    def __setitem__(self, name: str, value: Any) -> None:
        self.write(name, value)

    def describe(self, name: str, selector: str | int | None = None) -> Json:
        return self._http.get(f"/features/{name}", selector=selector)

    def write(self, name: str, value: Any = None, selector: str | int | None = None) -> Json:
        """Without a value: executes a command."""
        body: Json = {"override": True}
        if value is not None:
            body["value"] = value
        if selector is not None:
            body["selector"] = selector
        return self._http.ask("PUT", f"/features/{name}", body)


class Clock:
    """Camera time against host time."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def _set(self, body: Json) -> Json:
        return self._http.ask("POST", "/api/v1/clock", body)

    @property
    def time_ns(self) -> int:
        return self._http.get("/api/v1/clock")["time_ns"]

    def pause(self) -> Json:
        return self._set({"rate": 0})

    def run(self, rate: float | str = 1) -> Json:
        """At a rate, or "fast": from event to event."""
        return self._set({"rate": rate})

    def step(self, us: float) -> Json:
        return self._set({"step_us": us})

    def step_to_next_event(self) -> Json:
        return self._set({"step_to": "next_event"})


class TriggerIn:
    """The input TRIGGER_IN. Times: `at_ns` of the camera's clock, or `after_us`."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def level(self, high: bool, **when: Any) -> Json:
        return self._http.ask("PUT", "/lines/trigger_in", {"high": high, **when})

    def pulse(self, width_us: float = 100, **keys: Any) -> Json:
        return self._http.ask("POST", "/lines/trigger_in/pulse", {"width_us": width_us, **keys})

    def train(self, period_us: float, width_us: float = 100, **keys: Any) -> Json:
        return self._http.ask(
            "POST", "/lines/trigger_in/train", {"period_us": period_us, "width_us": width_us, **keys}
        )

    def stop(self) -> None:
        self._http.ask("DELETE", "/lines/trigger_in/train")


class World:
    """The scene in front of the camera."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def get(self) -> Json:
        return self._http.get("/api/v1/world")

    def patch(self, patch: Json, at_ns: int | None = None) -> Json:
        when = {} if at_ns is None else {"at_ns": at_ns}
        return self._http.ask("PATCH", "/api/v1/world", {"patch": patch, **when})

    def choose(self, scene: str | Json) -> Json:
        """A scene by its name, or its content."""
        return self._http.ask("PUT", "/api/v1/world", {"scene" if isinstance(scene, str) else "content": scene})

    def picture(self, item: str, png_or_jpeg: bytes, media_type: str = "image/png") -> None:
        request = urllib.request.Request(
            f"{self._http.url}/api/v1/world/items/{item}/picture",
            png_or_jpeg,
            {"Content-Type": media_type},
            method="PUT",
        )
        urllib.request.urlopen(request, timeout=60).close()

    def pose(self, position_m: tuple[float, float, float], rotation_deg: tuple[float, float, float] = (0, 0, 0)) -> Json:
        """Where the camera is in the scene."""
        return self._http.ask("PUT", "/pose", {"position_m": position_m, "rotation_deg": rotation_deg})


class Truth:
    """What is in the images, in their pixels."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def frame(self, block_id: int) -> Json:
        return self._http.get("/truth", block_id=block_id)

    def now(self) -> Json:
        return self._http.get("/truth")

    def exposure(self, frame: int) -> Json:
        """By the number in signals and blocks, which goes on where block ids begin again."""
        return self._http.get("/truth", frame=frame)

    def masks_png(self, block_id: int) -> bytes:
        return self._http.bytes("/truth/masks", {"block_id": block_id})


class Scenario:
    """A scenario on this camera (docs/scenarios.md): of faults, motion and triggers, without a client process."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def start(self, content: Json) -> Json:
        return self._http.ask("POST", "/scenario", content)

    def report(self) -> Json:
        return self._http.get("/scenario")

    def end(self) -> Json:
        return self._http.ask("DELETE", "/scenario")

    def run(self, content: Json, timeout: float = 60) -> Json:
        """Its report, once it has ended; ended after `timeout` seconds."""
        self.start(content)
        if not wait_until(lambda: not self.report()["running"], timeout):
            self.end()
        return self.report()


class Recording:
    """Packets and frames in the camera's folder of recordings."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def packets(self, name: str, packets: str = "control") -> None:
        """Begins a file; `packets` is control or all."""
        self._http.ask("POST", "/recording", {"name": name, "packets": packets})

    def stop(self) -> Json:
        return self._http.ask("DELETE", "/recording")

    def frames(self, name: str, count: int = 1, format: str = "png") -> None:
        self._http.ask("POST", "/recording/frames", {"name": name, "count": count, "format": format})

    def stop_frames(self) -> Json:
        """Ends the recording of frames, when those that were taken are written."""
        return self._http.ask("DELETE", "/recording/frames")

    def read(self, name: str) -> bytes:
        return self._http.bytes(f"/recordings/{name}")


def find_program() -> str:
    """GIGEMU of the environment, `gigemu` of this Python's own environment (which a wheel brings) or of the path, or that of
    a build beside this file's repository."""
    if named := os.environ.get("GIGEMU"):
        return named
    if (own := Path(sys.prefix) / "bin" / "gigemu").is_file():
        return str(own)
    if found := shutil.which("gigemu"):
        return found
    for folder in Path(__file__).resolve().parents:
        if (built := folder / "build" / "gigemu").is_file():
            return str(built)
    raise GigemuError("no gigemu: set GIGEMU to the program")


def free_address() -> str:
    """An address of loopback where no camera is."""
    first = os.getpid()
    for number in range(first, first + 200):
        address = f"127.101.{number // 250 % 250}.{number % 250 + 1}"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control, socket.socket() as http:
            try:
                control.bind((address, GVCP_PORT))
                http.bind((address, HTTP_PORT))
                return address
            except OSError:
                continue
    raise GigemuError("no free address on loopback")


class Gigemu:
    """A camera as a child process, from entering the context to leaving it.

    Features, faults and options of the command line are those of power-up: `Gigemu(scene="conveyor", seed=3,
    features={"ExposureTime": 5000}, options=["--frame-number"])`.
    """

    def __init__(
        self,
        scene: str | None = None,
        seed: int | None = None,
        features: dict[str, Any] | None = None,
        options: list[str] | None = None,
        address: str | None = None,
        program: str | None = None,
        start_timeout: float = 60,
    ) -> None:
        self.address = address or free_address()
        self._folder = tempfile.TemporaryDirectory(prefix="gigemu-")
        self.recordings = Path(self._folder.name)
        self._command = [program or find_program(), "--address", self.address]
        self._command += ["--http", f"{self.address}:{HTTP_PORT}", "--record-dir", str(self.recordings)]
        self._command += ["--scene", scene] if scene else []
        self._command += ["--seed", str(seed)] if seed is not None else []
        for name, value in (features or {}).items():
            text = str(value).lower() if isinstance(value, bool) else str(value)
            self._command += ["--set", f"{name}={text}"]
        self._command += options or []
        self._start_timeout = start_timeout
        self._output: list[str] = []
        self.http = Http(self.address)
        self.features, self.faults, self.journal = Features(self.http), Faults(self.http), Journal(self.http)
        self.clock, self.trigger_in, self.world = Clock(self.http), TriggerIn(self.http), World(self.http)
        self.truth, self.recording, self.scenario = Truth(self.http), Recording(self.http), Scenario(self.http)

    @property
    def output(self) -> str:
        """What the program has printed."""
        return "".join(self._output)

    @property
    def serial(self) -> str:
        return self.http.get("/api/v1/cameras")["cameras"][0]["serial"]

    def state(self) -> Json:
        return self.http.get("")

    def signals(self, since: int = 0, limit: int = 5000) -> list[Json]:
        return self.http.get("/signals", since=since, limit=limit)["signals"]

    def reset(self, seed: int | None = None) -> None:
        """The start state again, with the seed of the start or another one."""
        self.http.ask("POST", "/api/v1/reset", query={"seed": seed})

    def events(self, *topics: str, timeout: float = 30) -> Iterator[tuple[str, Json]]:
        """Topics of the event stream as they come: signals, features, truth, journal. Ends where nothing comes in time."""
        with self.http.open("GET", "/events", query={"topics": ",".join(topics)}, timeout=timeout) as stream:
            topic = ""
            try:
                for raw in stream:
                    field, _, value = raw.decode().rstrip("\n").partition(": ")
                    if field == "event":
                        topic = value
                    elif field == "data":
                        yield topic, json.loads(value)
            except TimeoutError:
                return

    def evidence(self, folder: str | Path) -> Path:
        """Writes what happened: journal, blocks, signals, faults, features, the truth of the last 10 images, the
        program's output, recordings."""
        into = Path(folder)
        into.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(Refused):
            self.recording.stop()
        sources = {
            "journal": "/journal?limit=5000",
            "blocks": "/journal/blocks",
            "signals": "/signals?limit=5000",
            "faults": "/faults",
            "features": "/features",
        }
        for name, path in sources.items():
            with contextlib.suppress(OSError, GigemuError):
                (into / f"{name}.json").write_text(json.dumps(self.http.get(path), indent=1))
        with contextlib.suppress(OSError, GigemuError):
            truth = [self.truth.exposure(block["frame"]) for block in self.journal.blocks()[-10:]]
            (into / "truth.json").write_text(json.dumps(truth, indent=1))
        (into / "output.txt").write_text(self.output)
        for file in self.recordings.iterdir():
            shutil.copy(file, into)
        return into

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        ready = threading.Event()

        def read() -> None:
            assert self._process.stdout is not None
            for line in self._process.stdout:
                self._output.append(line)
                if line.startswith(READY):
                    ready.set()
            ready.set()

        self._reader = threading.Thread(target=read, daemon=True)
        self._reader.start()
        if not ready.wait(self._start_timeout) or READY not in self.output:
            self.stop()
            raise GigemuError(f"gigemu did not start: {self.output[-500:].strip()}")

    def stop(self) -> int:
        """Ends the program, and returns its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._reader.join(5)
        return code

    def __enter__(self) -> Gigemu:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        code = self.stop()
        self._folder.cleanup()
        if kind is None and code != 0:
            raise GigemuError(f"gigemu ended with {code}: {self.output[-500:].strip()}")


@dataclass(frozen=True)
class ScenarioResult:
    """What came of `gigemu test` (docs/scenarios.md): its exit code, its report, and where evidence is kept."""

    exit_code: int
    report: Json
    output: str
    evidence: Path

    @property
    def passed(self) -> bool:
        """All steps passed, or what did not is tolerated."""
        return self.exit_code == 0

    @property
    def failures(self) -> list[Json]:
        """The steps that did not pass, with what was seen."""
        return [step for step in self.report.get("steps", []) if step["verdict"] != "passed"]


def run_scenario(
    scenario: str | Path | Json,
    *client: str,
    evidence: str | Path = "gigemu-evidence",
    options: list[str] | None = None,
    program: str | None = None,
    timeout: float = 600,
) -> ScenarioResult:
    """Runs a scenario, a file or its content, with the client's command on a camera of its own; raises GigemuError
    where the file or the command is wrong. The client finds the camera by GIGEMU_TEST_ADDRESS of its environment."""
    with tempfile.TemporaryDirectory(prefix="gigemu-") as name:
        if isinstance(scenario, dict):
            file = Path(name) / f"{scenario.get('name', 'scenario')}.json"
            file.write_text(json.dumps(scenario))
        else:
            file = Path(scenario)
        report = Path(name) / "report"
        command = [program or find_program(), "test", str(file), "--json", str(report), "--evidence", str(evidence)]
        command += [*(options or []), *(["--", *client] if client else [])]
        run = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout
        )
        if not report.is_file():
            raise GigemuError(f"gigemu test ended with {run.returncode}: {run.stdout[-500:].strip()}")
        content = json.loads(report.read_text())
    return ScenarioResult(run.returncode, content, run.stdout, Path(evidence) / content["scenario"])


def wait_until(true: Any, timeout: float = 10, interval: float = 0.05) -> bool:
    """Whether `true()` becomes true in time."""
    deadline = time.monotonic() + timeout
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(interval)
    return True


try:
    import pytest
except ImportError:
    pass
else:
    _OUTCOME = pytest.StashKey[Any]()

    def pytest_addoption(parser: pytest.Parser) -> None:
        parser.addoption(
            "--gigemu-evidence",
            default="gigemu-evidence",
            help="folder for journal, signals and packets of tests that fail",
        )

    def pytest_configure(config: pytest.Config) -> None:
        config.addinivalue_line("markers", "gigemu(**options): options of the camera of the fixture gigemu")

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
        outcome = yield
        report = outcome.get_result()
        if report.when == "call":
            item.stash[_OUTCOME] = report

    def _evidence_of(request: pytest.FixtureRequest) -> Path:
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in request.node.name)
        return Path(request.config.getoption("--gigemu-evidence")) / name

    @pytest.fixture
    def gigemu_scenario(request: pytest.FixtureRequest) -> Iterator[Any]:
        """`gigemu_scenario(scenario, *client)` is `run_scenario`, with its evidence beside that of the test."""
        kept: list[ScenarioResult] = []

        def run(scenario: str | Path | Json, *client: str, **keys: Any) -> ScenarioResult:
            kept.append(run_scenario(scenario, *client, evidence=_evidence_of(request), **keys))
            return kept[-1]

        yield run
        report = request.node.stash.get(_OUTCOME, None)
        if report is not None and report.failed:
            for result in kept:
                report.sections.append((f"gigemu scenario, evidence in {result.evidence}", result.output))

    @pytest.fixture
    def gigemu(request: pytest.FixtureRequest) -> Iterator[Gigemu]:
        marker = request.node.get_closest_marker("gigemu")
        with Gigemu(**(marker.kwargs if marker else {})) as camera:
            camera.recording.packets("control")
            yield camera
            report = request.node.stash.get(_OUTCOME, None)
            if report is not None and report.failed:
                folder = camera.evidence(_evidence_of(request))
                report.sections.append(("gigemu evidence", str(folder)))
