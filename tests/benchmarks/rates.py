"""Frames lost at the rates that the manual prints, and with several cameras on one host."""

from __future__ import annotations

import contextlib
import statistics

from frame_rates import PRINTED_HZ, SIZES
from servers import Gigemu, Sink, gigemu, open_channel, stream
from tables import Effort, Table
from whole_camera import CONVEYOR, lost, received_hz

PACKET_SIZES = (1500, 8000)
FLEETS = [(4, 9.0), (16, 1.0)]
FLEET_ADDRESS = "127.0.1."
FIRST_SERIAL = 39_265_100


def cell(own: Gigemu, packet_size: int, effort: Effort, *sink_options: str) -> list[dict]:
    options = ("--skip", "1", "--seconds", str(effort.cell_s), *sink_options)
    return [stream(own, packet_size, *options, fastest=True) for _ in range(effort.cell_runs)]


def add(table: Table, name: str, packet_size: int, printed: object, runs: list[dict]) -> None:
    missing = [lost([run]) for run in runs]
    rate_hz = statistics.median(received_hz(run) for run in runs)
    middle, each = statistics.median(missing), ", ".join(map(str, missing))
    table.add(name, packet_size, printed, f"{rate_hz:.2f}", f"{middle:.0f}", each)


def cells(effort: Effort) -> Table:
    table = Table(
        "Frames lost at the highest rates",
        ("stream", "packets", "printed, Hz", "measured, Hz", "lost, median", "lost, each run"),
        f"{effort.cell_s:.0f} s each, client and camera on this machine. A frame is lost if packets of it are missing, "
        "or all of it. The receive buffer has 4 MiB, or the system's default where that is said.",
    )
    with gigemu() as own:
        for pixel_format, printed in PRINTED_HZ.items():
            for (width, height), hz in zip(SIZES, printed):
                own.configure({"PixelFormat": pixel_format, "Width": width, "Height": height, "ExposureTime": 1000})
                for packet_size in PACKET_SIZES:
                    runs = cell(own, packet_size, effort)
                    add(table, f"{pixel_format} {width}x{height}", packet_size, hz, runs)
    with gigemu() as own:
        add(table, "BayerRG8, default buffer", 1500, 36, cell(own, 1500, effort, "--buffer", "0"))
    with gigemu(scene="conveyor") as own:
        own.configure(CONVEYOR)
        for packet_size in PACKET_SIZES:
            add(table, "conveyor at zoom 400", packet_size, 36, cell(own, packet_size, effort))
    return table


def fleet(count: int, rate_hz: float, seconds: float) -> list[dict]:
    """What came of so many cameras that stream at the same time."""
    with contextlib.ExitStack() as stack:
        cameras = []
        for n in range(count):
            options = ("--serial", str(FIRST_SERIAL + n), "--http", "off")
            cameras.append(stack.enter_context(gigemu(*options, address=f"{FLEET_ADDRESS}{n + 1}")))
        found = []
        for own in cameras:
            own.configure({"AcquisitionFrameRate": rate_hz})
            sink = stack.enter_context(Sink("--skip", "1", "--seconds", str(seconds)))
            client = stack.enter_context(own.control())
            open_channel(client, sink, 1500)
            found.append((own, client, sink))
        for own, client, _ in found:
            own.command(client, "AcquisitionStart")
        results = [sink.result() for *_, sink in found]
        for own, client, _ in found:
            own.command(client, "AcquisitionStop")
    return results


def fleets(effort: Effort) -> Table:
    table = Table(
        "Several cameras on one host",
        ("cameras", "rate of each, Hz", "frames", "incomplete", "slowest camera, Hz"),
        "Still scene, 2048x1536 BayerRG8, packets of 1500 bytes, all at the same time.",
    )
    for count, rate_hz in FLEETS:
        results = fleet(count, rate_hz, max(effort.cell_s, 5))
        frames = sum(result["blocks"] for result in results)
        slowest = min(received_hz(result) for result in results)
        table.add(count, rate_hz, frames, lost(results), f"{slowest:.2f}")
    return table
