#!/usr/bin/python3
"""Counts the parts that pass on a belt below a GigE Vision camera, and reads the QR code of each.

    part_counter.py 192.168.1.20 --trigger Line1 --parts 100

Prints one line of JSON for each part that has left the view. A light barrier may trigger the camera once for each part;
without `--trigger` it runs freely. Parts are told apart by where they lie on the belt: by the time stamp of the camera,
and not by the time of arrival, so that neither a late nor a lost image makes a part count twice. When the connection is
lost (a pulled cable, a camera that was off) the camera is opened again, and the counting goes on.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import gi
import numpy
from pyzbar import pyzbar

gi.require_version("Aravis", "0.8")
from gi.repository import Aravis, GLib  # noqa: E402

LEFT, TOP, WIDTH, HEIGHT = 256, 588, 1536, 360  # the belt in the image, without its edges
BUFFERS = 60
SOCKET_BUFFER = 4 << 20  # as much of it as net.core.rmem_max allows
RETENTION_US = 1_000_000  # of an incomplete image: this machine may be busy for some tenths of a second
POLL_US = 200_000
RETRY_S = 0.5
CONTRAST = 1.6  # of a part to the belt, in its brightest colour
SMALLEST_PX = 10_000
BORDER_PX = 4
QUIET_PX = 12


class ConnectionLost(Exception):
    """The camera is no longer under the control of this program."""


@dataclass
class Image:
    time_s: float  # start of exposure, by the camera's clock
    mosaic: numpy.ndarray


@dataclass(eq=False)
class Part:
    belt_px: float  # its middle, on the belt
    image: numpy.ndarray
    code: str | None = None
    views: int = 0


class Camera:
    """Open and streaming from entering the context to leaving it."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._camera = Aravis.Camera.new(options.address)
        self._camera.set_pixel_format_from_string("BayerRG8")
        self._camera.set_exposure_time_auto(Aravis.Auto.OFF)
        self._camera.set_exposure_time(options.exposure_us)
        self._camera.set_gain_auto(Aravis.Auto.OFF)
        self._camera.set_gain(options.gain_db)
        self._camera.set_region(LEFT, TOP, WIDTH, HEIGHT)
        if options.trigger:
            self._camera.set_trigger(options.trigger)
        else:
            self._camera.clear_triggers()
            self._camera.set_frame_rate(options.frame_rate)
        self._camera.gv_set_stream_options(Aravis.GvStreamOption.PACKET_SOCKET_DISABLED)
        self._camera.gv_auto_packet_size()
        self._stream = self._camera.create_stream(None, None)
        self._stream.set_property("socket-buffer", Aravis.GvStreamSocketBuffer.FIXED)
        self._stream.set_property("socket-buffer-size", SOCKET_BUFFER)
        self._stream.set_property("packet-request-ratio", 1.0)
        self._stream.set_property("frame-retention", RETENTION_US)
        for _ in range(BUFFERS):
            self._stream.push_buffer(Aravis.Buffer.new_allocate(self._camera.get_payload()))

    def __enter__(self) -> Camera:
        self._camera.start_acquisition()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._camera.stop_acquisition()
        del self._stream, self._camera  # closes the connection, so that it can be opened again

    def next_image(self) -> Image | None:
        """None where no complete image has come for a while."""
        buffer = self._stream.timeout_pop_buffer(POLL_US)
        if buffer is None:
            if not self._camera.get_device().is_controller():
                raise ConnectionLost("the camera does not answer, or has ended control")
            return None
        try:
            if buffer.get_status() != Aravis.BufferStatus.SUCCESS:
                note(f"image {buffer.get_frame_id()} is incomplete")
                return None
            pixels = numpy.frombuffer(buffer.get_data(), numpy.uint8)
            shape = buffer.get_image_height(), buffer.get_image_width()
            return Image(buffer.get_timestamp() / 1e9, pixels.reshape(shape))
        finally:
            self._stream.push_buffer(buffer)


def find_parts(mosaic: numpy.ndarray) -> Iterator[tuple[int, int, int, int]]:
    """Left, top, width and height of the parts that are wholly in view."""
    red, green, blue = mosaic[0::2, 0::2], mosaic[0::2, 1::2], mosaic[1::2, 1::2]
    brightest = cv2.max(cv2.max(red, green), blue)
    belt = float(numpy.median(brightest))
    _, parts = cv2.threshold(brightest, CONTRAST * belt, 255, cv2.THRESH_BINARY)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(parts)
    for left, top, width, height, _ in 2 * boxes[1:count]:
        whole = left >= BORDER_PX and left + width <= mosaic.shape[1] - BORDER_PX
        if whole and width * height >= SMALLEST_PX:
            yield left, top, width, height


def read_code(grey: numpy.ndarray) -> str | None:
    """A module of the code has 3 pixels, which is little for zbar."""
    larger = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    for code in pyzbar.decode(larger, symbols=[pyzbar.ZBarSymbol.QRCODE]):
        return code.data.decode()
    return None


class Counter:
    """Follows parts through the images, from left to right."""

    def __init__(self, speed_px_s: float) -> None:
        self._speed_px_s = speed_px_s
        self._parts: list[Part] = []
        self._time_s = 0.0

    def see(self, image: Image) -> list[Part]:
        """The parts that have left the view since the image before."""
        was_off = image.time_s < self._time_s  # Its clock has begun again, and what it saw before is gone.
        gone = self._leave(math.inf if was_off else image.time_s * self._speed_px_s)
        self._time_s = image.time_s
        grey = cv2.cvtColor(image.mosaic, cv2.COLOR_BayerBG2GRAY)  # OpenCV's name for BayerRG8
        for left, top, width, height in find_parts(image.mosaic):
            belt_px = left + width / 2 - image.time_s * self._speed_px_s
            cut = grey[max(top - QUIET_PX, 0) : top + height + QUIET_PX, left : left + width]
            part = self._known(belt_px, width / 2)
            part.views += 1
            if part.code is None:
                part.image, part.code = cut, read_code(cut)
        return gone

    def _leave(self, moved_px: float) -> list[Part]:
        """The foremost first."""
        gone = [part for part in self._parts if part.belt_px + moved_px > WIDTH]
        self._parts = [part for part in self._parts if part not in gone]
        return sorted(gone, key=lambda part: -part.belt_px)

    def _known(self, belt_px: float, tolerance_px: float) -> Part:
        for part in self._parts:
            if abs(part.belt_px - belt_px) < tolerance_px:
                return part
        self._parts.append(Part(belt_px, numpy.empty(0)))
        return self._parts[-1]


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Program:
    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._counter = Counter(options.speed_px_s)
        self._count = 0
        self._ended = threading.Event()
        for end in (signal.SIGTERM, signal.SIGINT):
            signal.signal(end, lambda *_: self._ended.set())

    def run(self) -> None:
        while not self._done():
            try:
                with Camera(self._options) as camera:
                    note(f"streaming from {self._options.address}")
                    self._count_parts(camera)
            except (GLib.Error, ConnectionLost) as error:
                note(f"no connection: {error}")
                self._ended.wait(RETRY_S)

    def _done(self) -> bool:
        return self._ended.is_set() or self._count == self._options.parts

    def _count_parts(self, camera: Camera) -> None:
        while not self._done():
            image = camera.next_image()
            if image is not None:
                self._report(self._counter.see(image))

    def _report(self, parts: list[Part]) -> None:
        for part in parts:
            if self._done():
                return
            self._count += 1
            print(json.dumps({"part": self._count, "code": part.code, "views": part.views}), flush=True)
            if part.code is None and self._options.unread:
                cv2.imwrite(str(self._options.unread / f"unread_{self._count:06}.png"), part.image)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("address", help="of the camera")
    parser.add_argument("--parts", type=int, help="ends after so many; without it, by SIGTERM or SIGINT")
    parser.add_argument("--trigger", metavar="LINE", help="one image for each edge of this line, as Line1")
    parser.add_argument("--frame-rate", type=float, default=4, help="of a free run, in Hz")
    parser.add_argument("--exposure-us", type=float, default=500)
    parser.add_argument("--gain-db", type=float, default=12)
    parser.add_argument("--speed-px-s", type=float, default=786, help="of the belt in the image")
    parser.add_argument("--unread", type=Path, metavar="FOLDER", help="keeps images of parts whose code was not read")
    Program(parser.parse_args()).run()


if __name__ == "__main__":
    main()
