"""The two servers that are measured, and one client for both: plain GVCP, and `stream_sink` for the packets.

Registers are found in the description file that each server gives.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from camera import Camera
from description import Description, put
from wire import DO_NOT_FRAGMENT, HEARTBEAT, SCDA, SCP, SCPS, Client, NoAnswer, number_of_ip

INCUMBENT = "arv-fake-gv-camera-0.8"
OWN, CAMERA, FAKE_CAMERA = "127.0.0.1", "127.0.0.2", "127.0.0.1"
WIDTH, HEIGHT = 2048, 1536
NO_HEARTBEAT_MS = 600_000
STILL = "colour_chart"


def build_folder() -> Path:
    return Path(os.environ["GIGEMU"]).parent


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


class Server:
    """A camera that runs, as its client sees it."""

    def __init__(self, address: str, pid: int) -> None:
        self.address, self.pid = address, pid
        with Client(address, OWN) as client:
            self.description = Description.read_from(client)

    @contextlib.contextmanager
    def control(self) -> Iterator[Client]:
        with Client(self.address, OWN) as client:
            client.take_control()
            client.write((HEARTBEAT, NO_HEARTBEAT_MS))
            yield client

    def put(self, client: Client, name: str, value: float | str | bool = 1) -> None:
        put(client, self.description, name, value)

    def command(self, client: Client, name: str) -> None:
        self.put(client, name, int(self.description.text(name, "CommandValue") or 1))

    def fetch(self, client: Client, name: str) -> int:
        register = self.description.register(name)
        assert register is not None
        return client.read_one(register.address)

    def configure(self, settings: dict[str, float | str | bool]) -> None:
        with self.control() as client:
            for name, value in settings.items():
                self.put(client, name, value)

    def run_fastest(self, client: Client) -> None:
        """Sets the highest frame rate that it offers."""
        raise NotImplementedError


class Gigemu(Server):
    SETTINGS = {"PixelFormat": "BayerRG8", "ExposureAuto": "Off", "ExposureTime": 5000, "GainAuto": "Off"}

    def run_fastest(self, client: Client) -> None:
        self.put(client, "AcquisitionFrameRate", self.fetch(client, "MaxFPS") / self.description.units("MaxFPS", 1.0))


class FakeCamera(Server):
    """Aravis's fake camera, which draws a gradient."""

    SETTINGS = {"Width": WIDTH, "Height": HEIGHT, "PixelFormat": "Mono8", "AcquisitionFramePeriod": 27_700}
    SHORTEST_PERIOD_US = 1000

    def run_fastest(self, client: Client) -> None:
        self.put(client, "AcquisitionFramePeriod", self.SHORTEST_PERIOD_US)


@contextlib.contextmanager
def gigemu(
    *options: str, scene: str = STILL, gso: str = "off", speed_mbps: int = 1000, address: str = CAMERA
) -> Iterator[Gigemu]:
    config = {"link": {"gso": gso, "speed_mbps": speed_mbps}}
    with Camera(*options, address=address, scene=scene, config=config, log_level="error") as camera:
        server = Gigemu(address, camera.process.pid)
        server.configure(Gigemu.SETTINGS)
        yield server


@contextlib.contextmanager
def fake_camera() -> Iterator[FakeCamera]:
    if not shutil.which(INCUMBENT):
        raise RuntimeError(f"{INCUMBENT} is missing (package aravis-tools-cli)")
    process = subprocess.Popen(
        [INCUMBENT, "-i", FAKE_CAMERA], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await_answer(FAKE_CAMERA)
        server = FakeCamera(FAKE_CAMERA, process.pid)
        server.configure(FakeCamera.SETTINGS)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def await_answer(address: str, bound_s: float = 10.0) -> None:
    deadline = time.monotonic() + bound_s
    with Client(address, OWN) as client:
        while True:
            try:
                client.discover()
                return
            except NoAnswer:
                if time.monotonic() > deadline:
                    raise


class Sink:
    """`stream_sink` as a child process."""

    def __init__(self, *options: str) -> None:
        command = [str(build_folder() / "stream_sink"), "--address", OWN, *options]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def result(self) -> dict:
        output, _ = self.process.communicate(timeout=120)
        return json.loads(output)


def open_channel(client: Client, sink: Sink, packet_size: int) -> None:
    for pair in ((SCPS, DO_NOT_FRAGMENT | packet_size), (SCDA, number_of_ip(OWN)), (SCP, sink.port)):
        client.write(pair)  # One at a time: the incumbent takes no more.


@contextlib.contextmanager
def streaming(
    server: Server, packet_size: int, *sink_options: str, fastest: bool = False
) -> Iterator[tuple[Client, Sink]]:
    """The stream channel is open to a new sink; whoever has it starts the acquisition, which is stopped in the end."""
    with Sink("--pid", str(server.pid), *sink_options) as sink, server.control() as client:
        if fastest:
            server.run_fastest(client)
        open_channel(client, sink, packet_size)
        try:
            yield client, sink
        finally:
            server.command(client, "AcquisitionStop")
            client.write((SCP, 0))


def stream(server: Server, packet_size: int, *sink_options: str, fastest: bool = False) -> dict:
    """What the sink counted of one acquisition."""
    with streaming(server, packet_size, *sink_options, fastest=fastest) as (client, sink):
        server.command(client, "AcquisitionStart")
        return sink.result()
