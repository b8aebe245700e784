"""How soon the camera is there, answers and sends, and how much memory it takes."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import socket
import statistics
import struct
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

from camera import READY, ask_program, program
from servers import CAMERA, FAKE_CAMERA, OWN, STILL, Gigemu, fake_camera, gigemu, memory_mb, streaming
from tables import Effort, Table, p50_p90, spread
from web import Web
from whole_camera import HTTP_PORT
from wire import CCP, PORT, READREG, Client, command

SETTLED_S = 3.0
TIMESTAMP_CONTROL, LATCHED, LATCH = 0x0944, 0x0948, 2
PULSES_US = {"period_us": 150_000, "width_us": 100, "after_us": 200_000}
TRIGGERED = {
    "IMXLowLatencyTriggerMode": True,
    "TriggerMode": "On",
    "TriggerSource": "Line1",
}
ECHO = "127.0.0.4"


@dataclass(frozen=True)
class Latency:
    """Of a first packet, beyond exposure and readout and beyond the exposure alone."""

    readout_ms: float
    exposure_ms: float


def start_to_ready() -> float:
    """Seconds from the execution of the program to its ready line."""
    options = ["--address", CAMERA, "--http", "off", "--scene", STILL, "--log-level", "error"]
    began = time.monotonic()
    process = subprocess.Popen([program(), *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        next(line for line in process.stdout if line.startswith(READY))
        return time.monotonic() - began
    finally:
        process.terminate()
        process.communicate()


def memory() -> tuple[float, float]:
    """Resident memory in MB: with nobody connected, and streaming at full rate."""
    with gigemu() as own:
        time.sleep(SETTLED_S)
        idle = memory_mb(own.pid)
        with streaming(own, 1500, "--blocks", "100", fastest=True) as (client, sink):
            own.command(client, "AcquisitionStart")
            time.sleep(2)
            return idle, memory_mb(own.pid)


def first_frame_s(scene: str) -> float:
    """From AcquisitionStart, right after the ready line, to the first whole frame, without its exposure."""
    with gigemu(scene=scene) as own, streaming(own, 8000, "--blocks", "1") as (client, sink):
        began = time.monotonic()
        own.command(client, "AcquisitionStart")
        assert sink.result()["complete"] == 1
        return time.monotonic() - began - 1e-6 * Gigemu.SETTINGS["ExposureTime"]


def start_and_memory(effort: Effort) -> Table:
    table = Table("Start and memory", ("what", "measured", "goal"))
    starts = [start_to_ready() for _ in range(effort.starts)]
    firsts = {scene: first_frame_s(scene) for scene in ask_program("--list-scenes").split()}
    slowest = max(firsts, key=firsts.__getitem__)
    idle, streaming_mb = memory()
    table.add(f"start to ready, s ({effort.starts} starts)", spread(starts), "0.5")
    table.add(f"first frame beyond its exposure, s (slowest of {len(firsts)} scenes: {slowest})", f"{firsts[slowest]:.2f}", "0.3")
    table.add("resident memory idle, MB", f"{idle:.0f}", "120")
    table.add("resident memory at full rate, MB", f"{streaming_mb:.0f}", "200")
    return table


def echo(ready: multiprocessing.connection.Connection) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind((ECHO, PORT))
        ready.send(True)
        while True:
            datagram, sender = own.recvfrom(2048)
            own.sendto(datagram, sender)


@contextlib.contextmanager
def echo_server() -> Iterator[None]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=echo, args=(there,), daemon=True)
    process.start()
    try:
        here.recv()
        yield
    finally:
        process.kill()
        process.join()


def round_trips(address: str, count: int) -> list[float]:
    """Microseconds from a READREG_CMD to what comes back."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind((OWN, 0))
        own.connect((address, PORT))
        own.settimeout(5)
        for request in range(1, count + 1):
            datagram = command(READREG, struct.pack(">I", CCP), request)
            began = time.perf_counter_ns()
            own.send(datagram)
            own.recv(2048)
            found.append((time.perf_counter_ns() - began) / 1e3)
    return found


def registers(effort: Effort) -> Table:
    table = Table(
        "Register round trip",
        ("who answers", "p50, us", "p90, us", "p50 of the bare echo"),
        "READREG_CMD of one register on a plain socket, in rounds that take turns with a process that only returns "
        "datagrams.",
    )
    servers = {"UDP echo": ECHO, "gigemu": CAMERA, "fake camera": FAKE_CAMERA}
    rounds: dict[str, list[list[float]]] = {name: [] for name in servers}
    with echo_server(), gigemu(), fake_camera():
        for _ in range(effort.pairs):
            for name, address in servers.items():
                rounds[name].append(round_trips(address, effort.round_trips))
    bare = [statistics.median(times) for times in rounds["UDP echo"]]
    for name, found in rounds.items():
        parts = [statistics.median(times) / echo_us for times, echo_us in zip(found, bare)]
        table.add(name, *p50_p90([one for times in found for one in times], 1), spread(parts))
    return table


def clock_offset_ns(client: Client) -> int:
    """The host's UNIX time minus the camera's clock, of the quickest of some latches."""
    best = (1 << 62, 0)
    for _ in range(20):
        began = time.time_ns()
        client.write((TIMESTAMP_CONTROL, LATCH))
        took = time.time_ns() - began
        high, low = client.read(LATCHED, LATCHED + 4)
        best = min(best, (took, began + took // 2 - (high << 32 | low)))
    return best[1]


def beyond(web: Web, since: int, begins: list[int], packets: list[int]) -> list[Latency]:
    """Of frames that were asked for at these times, and whose first packets came at those."""
    signals = web.signals(since)
    starts, ends, readouts = (
        {s["frame"]: s["time_ns"] for s in signals if s["signal"] == name}
        for name in ("exposure_start", "exposure_end", "readout_end")
    )
    frames = sorted(starts)[: len(begins)]
    if not len(begins) == len(packets) == len(frames):
        raise RuntimeError(f"{len(begins)} frames asked for, {len(starts)} exposed, {len(packets)} received")
    return [
        Latency(*((packet - begin - (end[frame] - starts[frame])) / 1e6 for end in (readouts, ends)))
        for begin, packet, frame in zip(begins, packets, frames)
    ]


def triggered(own: Gigemu, count: int) -> list[Latency]:
    """From edges of TRIGGER_IN."""
    web = Web(HTTP_PORT, CAMERA)
    own.configure(TRIGGERED)
    since = web.next
    with streaming(own, 1500, "--stamps", "--patience", "2", fastest=True) as (client, sink):
        own.command(client, "AcquisitionStart")
        before = clock_offset_ns(client)
        web.tell("POST", "/api/v1/camera/lines/trigger_in/train", PULSES_US | {"count": count})
        time.sleep((PULSES_US["after_us"] + count * PULSES_US["period_us"]) * 1e-6)
        after = clock_offset_ns(client)
        packets = sink.result()["first_ns"]
    own.configure({"TriggerMode": "Off"})
    edges = [s["time_ns"] for s in web.signals(since) if s["signal"] == "trigger_in" and s["high"]]
    drift = (after - before) / (edges[-1] - edges[0])
    return beyond(web, since, [round(edge + before + drift * (edge - edges[0])) for edge in edges], packets)


def started(own: Gigemu, count: int) -> list[Latency]:
    """From the moment at which the client sends AcquisitionStart."""
    web, found = Web(HTTP_PORT, CAMERA), []
    for _ in range(count):
        since = web.next
        with streaming(own, 1500, "--stamps", "--blocks", "1", fastest=True) as (client, sink):
            began = time.time_ns()
            own.command(client, "AcquisitionStart")
            found += beyond(web, since, [began], sink.result()["first_ns"])
    return found


def latency(effort: Effort) -> Table:
    table = Table(
        "Latency of the first packet",
        ("from", "beyond exposure and readout, p50, ms", "p90", "goal, p50", "beyond exposure, p50, ms", "p90"),
        "By the kernel's time stamp at the receiver. Edges of TRIGGER_IN are those of the camera's clock, which is "
        "compared with the host's by latches before and after. The camera sends while it reads out, so the first "
        "packet may leave before the last row is read.",
    )
    with gigemu("--http", f"{CAMERA}:{HTTP_PORT}") as own:
        for name, goal, measure, count in (
            ("edge of TRIGGER_IN", 1, triggered, effort.triggers),
            ("AcquisitionStart", 20, started, effort.starts),
        ):
            found = measure(own, count)
            whole, sent = ([getattr(one, part) for one in found] for part in ("readout_ms", "exposure_ms"))
            table.add(name, *p50_p90(whole), goal, *p50_p90(sent))
    return table
