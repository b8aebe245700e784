#!/usr/bin/python3
"""A benchmark by hand: the whole sensor at its highest rate into Aravis, through a plain socket.

Needs a camera that runs already, or starts one: `full_rate.py --start --seconds 60 --packet-size 8000`.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator

import grab
from camera import Camera
from web import Web


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--address", default="127.0.0.1", help="of the camera")
    parser.add_argument("--start", action="store_true", help="start a camera at that address, and end it")
    parser.add_argument(
        "--loss", type=float, default=0, help="part of the packets that a started camera loses"
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--packet-size", type=int, default=1500)
    parser.add_argument("--receive-buffer", type=int, default=1 << 20, help="bytes; 0: the system's default")
    parser.add_argument("--pixel-format", default="BayerRG8")
    parser.add_argument(
        "--packet-socket", action="store_true", help="Aravis's packet socket, for which it must be root"
    )
    parser.add_argument("--record", choices=("control", "all"), help="what a started camera records")
    parser.add_argument("--extended-ids", action="store_true", help="64-bit block ids")
    return parser.parse_args()


def measure(options: argparse.Namespace) -> bool:
    """Prints what arrived. True if all frames were complete."""
    camera = grab.open_camera(options.address)
    for name, value in (
        ("PixelFormat", options.pixel_format),
        ("ExposureAuto", "Off"),
        ("ExposureTime", "5000"),
        ("GevGVSPExtendedIDMode", "On" if options.extended_ids else "Off"),
    ):
        grab.set_feature(camera, name, value)
    camera.set_frame_rate(camera.get_frame_rate_bounds()[1])
    stream = grab.open_stream(camera, options.packet_size, options.receive_buffer, options.packet_socket)
    asked_hz, began, completed, failed = camera.get_frame_rate(), time.monotonic(), 0, 0
    camera.start_acquisition()
    for buffer in grab.buffers_for(stream, options.seconds):
        completed += grab.succeeded(buffer)
        failed += not grab.succeeded(buffer)
    took_s = time.monotonic() - began
    camera.stop_acquisition()
    counts = grab.statistics(stream)
    megabytes = completed * camera.get_payload() / 1e6
    print(
        f"{completed} frames completed, {failed} failed in {took_s:.1f} s: "
        f"{completed / took_s:.2f} of {asked_hz:.2f} Hz, {megabytes / took_s:.1f} MB/s"
    )
    for name in (
        "n_missing_frames",
        "n_missing_packets",
        "n_resend_requests",
        "n_resent_packets",
        "n_duplicated_packets",
        "n_underruns",
        "n_timeouts",
        "n_received_packets",
    ):
        print(f"{name:22}{counts.get(name, 0)}")
    return failed == 0 and completed > 0 and counts.get("n_missing_frames", 0) == 0


@contextlib.contextmanager
def recording(options: argparse.Namespace) -> Iterator[list[str]]:
    """Options of a camera that records into a folder, which is gone in the end."""
    if not options.record:
        yield []
        return
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield ["--record-dir", folder, "--record", options.record]


def report(address: str) -> None:
    state = Web(8080, address).tell("DELETE", "/api/v1/camera/recording")
    print(f"recorded {state['count']} packets, {state['bytes'] / 1e6:.0f} MB; lost {state['lost']}")


def main() -> None:
    options = arguments()
    with recording(options) as also, contextlib.ExitStack() as stack:
        if options.start:
            config = {"faults": [{"fault": "packet_loss", "rate": options.loss}]}
            stack.enter_context(Camera(*also, address=options.address, config=config))
        complete = measure(options)
        if options.start and options.record:
            report(options.address)
    sys.exit(0 if complete else 1)


if __name__ == "__main__":
    main()
