#!/usr/bin/env python3
"""The frame rates that the manual prints, measured on the wire by the camera's own stamps.

A machine that is busy loses packets, and may lose frames; the stamps of those that come are right all the same.
"""

from __future__ import annotations

import math
import select
import socket
import statistics
import struct
import time

from camera import Camera
from checks import Checks
from description import Description, put
from session import Session

CAMERA = "127.0.4.3"
SIZES = [(2048, 1536), (1920, 1080), (640, 480)]
PRINTED_HZ = {
    "BayerRG8": (36, 54, 366),
    "BayerRG12p": (24, 36, 245),
    "BayerRG16": (18, 27, 184),
    "YUV422_8": (18, 27, 184),
    "YCbCr411_8": (24, 36, 245),
    "YCbCr411_8_CbYYCrYY": (24, 36, 245),
    "BGR8": (12, 18, 122),
}
TOLERANCE = 0.005
PACKET_BYTES, LEADER_BYTES, LEADER = 8000, 44, 1
ENOUGH, FEWEST, BOUND_S = 8, 2, 20.0  # Periods that are measured, and how long is waited for them.


def stamps(session: Session, enough: int) -> list[tuple[int, int]]:
    """Block numbers and times of frames, from leaders alone: so much of a packet is looked at as a leader has."""
    stream, found = session.receiver.socket, []
    packet = bytearray(LEADER_BYTES)
    deadline = time.monotonic() + BOUND_S
    while len(found) <= enough and time.monotonic() < deadline:
        try:
            stream.recv_into(packet, 0, socket.MSG_DONTWAIT)
        except BlockingIOError:
            select.select([stream], [], [], 0.5)
            continue
        if packet[4] == LEADER:
            found.append((struct.unpack_from(">H", packet, 2)[0], struct.unpack_from(">Q", packet, 12)[0]))
    return found


def periods(found: list[tuple[int, int]]) -> list[float]:
    """From one block to the next; those of which nothing came are counted by their numbers."""
    return [(t - s) / (b - a) for (a, s), (b, t) in zip(found, found[1:]) if b > a]


def cell(
    checks: Checks, description: Description, pixel_format: str, size: tuple[int, int], printed_hz: int
) -> None:
    name = f"{pixel_format} {size[0]} x {size[1]}"
    with Session(CAMERA, CAMERA, PACKET_BYTES) as session:

        def write(feature: str, value: float | str | bool) -> None:
            with session.lock:
                put(session.client, description, feature, value)

        write("PixelFormat", pixel_format)
        write("Width", size[0])
        write("Height", size[1])
        if "ExposureAuto" in description:
            write("ExposureAuto", "Off")
        write("ExposureTime", 1000)
        register = description.register("MaxFPS")
        assert register is not None
        most = session.read(register.address)
        most_hz = most / description.units("MaxFPS", 1.0)
        write("AcquisitionFrameRate", most_hz)
        checks.equal(
            f"{name}: the whole part of the highest rate is what the manual prints",
            math.floor(most_hz),
            printed_hz,
        )
        write("AcquisitionStart", 1)
        found = periods(stamps(session, ENOUGH))
        write("AcquisitionStop", 1)
        if len(found) < FEWEST:
            return checks.skip(
                f"{name}: the rate on the wire", "this host is too busy to make so many frames in time"
            )
        measured_hz = 1e9 / statistics.median(found)
        wrong = abs(measured_hz / most_hz - 1)
        checks.that(f"{name}: {measured_hz:.3f} Hz on the wire is {most_hz:.3f} Hz", wrong < TOLERANCE, wrong)


def main() -> None:
    checks = Checks()
    with Camera(address=CAMERA):
        with Session(CAMERA, CAMERA) as session:
            description = Description.read_from(session.client)
        for pixel_format, rates in PRINTED_HZ.items():
            for size, printed_hz in zip(SIZES, rates):
                checks.section(cell, description, pixel_format, size, printed_hz)
    checks.that(
        "more than half of the cells were measured", checks.skipped < len(PRINTED_HZ) * len(SIZES) / 2
    )
    checks.finish()


if __name__ == "__main__":
    main()
