"""Processor time and frames per second of the whole camera, beside Aravis's fake camera and beside itself."""

from __future__ import annotations

from servers import CAMERA, Gigemu, Server, fake_camera, gigemu, stream
from tables import Effort, Table, interleaved, median_of, ratios, spread
from web import Web

SKIP = "5"  # Blocks before a measurement begins.
HTTP_PORT = 8080
UNTHROTTLED_MBPS = 100_000
CONVEYOR = {"Zoom": 400, "ExposureTime": 2000}  # As the scene suggests.
LOADS = [
    # Name, scene, segmentation offload, settings, goals by packet size
    ("still scene", "colour_chart", "off", {}, {1500: 0.70, 8000: 0.55}),
    ("still scene", "colour_chart", "on", {}, {1500: 0.35, 8000: 0.40}),
    ("conveyor at zoom 400", "conveyor", "off", CONVEYOR, {1500: 0.95, 8000: 1.0}),
]
COLOURS = ["BGR8", "YUV422_8", "YCbCr411_8"]
COLOUR_GOAL = 1.5
UNTHROTTLED = [(1500, "off", 1.3), (1500, "on", 3), (8000, "off", 2)]


def run(server: Server, packet_size: int, effort: Effort, fastest: bool = False) -> dict:
    return stream(server, packet_size, "--skip", SKIP, "--blocks", str(effort.blocks), fastest=fastest)


def cpu_ms(result: dict) -> float:
    return 1e3 * result["cpu_s"] / result["received"]


def cpu_ms_per_mb(result: dict) -> float:
    return 1e9 * result["cpu_s"] / result["bytes"]


def complete_hz(result: dict) -> float:
    return result["complete"] / result["seconds"]


def received_hz(result: dict) -> float:
    return result["received"] / result["seconds"]


def lost(runs: list[dict]) -> int:
    return sum(run["blocks"] - run["complete"] for run in runs)


def compared(pairs: list[tuple[dict, dict]], goal: float) -> list[object]:
    """Cells of the table of processor time, from the third column on."""
    first, second = zip(*pairs)
    return [
        f"{median_of(first, cpu_ms):.1f}",
        f"{median_of(second, cpu_ms):.1f}",
        spread(ratios(pairs, cpu_ms)),
        goal,
        f"{median_of(second, received_hz):.1f}",
        f"{lost(first)}, {lost(second)}",
    ]


def processor_time(effort: Effort) -> Table:
    table = Table(
        "Processor time per frame, beside the Aravis fake camera",
        ("load", "packets", "GSO", "fake camera, ms", "gigemu, ms", "ratio", "goal", "gigemu, Hz", "lost"),
        "Of the whole server process, per frame of 2048x1536 bytes. The fake camera draws a gradient at 36 Hz; gigemu "
        "runs the full sensor model at its highest rate, with fixed exposure and gain, and BalanceWhiteAuto on as "
        "after power-up. `lost` counts frames that did not arrive whole, of the fake camera and of gigemu, be they "
        "left out by the camera or incomplete.",
    )
    for name, scene, gso, settings, goals in LOADS:
        with fake_camera() as incumbent, gigemu(scene=scene, gso=gso) as own:
            own.configure(settings)
            for packet_size, goal in goals.items():
                pairs = interleaved(
                    effort.pairs,
                    lambda: run(incumbent, packet_size, effort),
                    lambda: run(own, packet_size, effort, fastest=True),
                )
                table.add(name, packet_size, gso, *compared(pairs, goal))
    return table


def formats(effort: Effort) -> Table:
    table = Table(
        "Processor time per byte of the colour formats",
        ("format", "ms per MB", "BayerRG8, ms per MB", "ratio", "goal"),
        "Still scene, packets of 8000 bytes, each format at its highest rate.",
    )

    def at(own: Gigemu, pixel_format: str) -> dict:
        own.configure({"PixelFormat": pixel_format})
        return run(own, 8000, effort, fastest=True)

    with gigemu() as own:
        for colour in COLOURS:
            pairs = interleaved(effort.pairs, lambda: at(own, "BayerRG8"), lambda: at(own, colour))
            raw, coloured = zip(*pairs)
            table.add(
                colour,
                f"{median_of(coloured, cpu_ms_per_mb):.2f}",
                f"{median_of(raw, cpu_ms_per_mb):.2f}",
                spread(ratios(pairs, cpu_ms_per_mb)),
                COLOUR_GOAL,
            )
    return table


def unthrottled(effort: Effort) -> Table:
    table = Table(
        "Complete frames per second without a limit",
        ("packets", "GSO", "fake camera, Hz", "gigemu, Hz", "ratio", "goal"),
        f"Still scene. gigemu has `link.speed_mbps` at {UNTHROTTLED_MBPS} and its clock at `fast`, as sensor and link "
        "of the camera allow 36 Hz; the fake camera has its shortest period. Frames that arrive whole are counted.",
    )
    for packet_size, gso, goal in UNTHROTTLED:
        with (
            fake_camera() as incumbent,
            gigemu("--http", f"{CAMERA}:{HTTP_PORT}", gso=gso, speed_mbps=UNTHROTTLED_MBPS) as own,
        ):
            Web(HTTP_PORT, CAMERA).tell("POST", "/api/v1/clock", {"rate": "fast"})
            pairs = interleaved(
                effort.pairs,
                lambda: run(incumbent, packet_size, effort, fastest=True),
                lambda: run(own, packet_size, effort, fastest=True),
            )
        first, second = zip(*pairs)
        table.add(
            packet_size,
            gso,
            f"{median_of(first, complete_hz):.1f}",
            f"{median_of(second, complete_hz):.1f}",
            spread(ratios(pairs, complete_hz)),
            goal,
        )
    return table
