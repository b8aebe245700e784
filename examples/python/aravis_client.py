#!/usr/bin/python3
"""A client made of Aravis, for `gigemu test` and `gigemu examine`: it streams until SIGTERM and says what it receives.

    gigemu examine -- /usr/bin/python3 examples/python/aravis_client.py

Needs gir1.2-aravis-0.8 and python3-gi. One line tells each frame: `gigemu-frame BLOCK_ID STATUS CRC32 BYTES`.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import zlib

import gi

gi.require_version("Aravis", "0.8")
from gi.repository import Aravis, GLib  # noqa: E402

BUFFERS = 16
PAUSE_S = 0.5

stopped = False


def stop(*_: object) -> None:
    global stopped
    stopped = True


def tell(buffer: Aravis.Buffer) -> None:
    status = buffer.get_status()
    word = "complete" if status == Aravis.BufferStatus.SUCCESS else status.value_nick
    data = buffer.get_data()
    print(f"gigemu-frame {buffer.get_frame_id()} {word} {zlib.crc32(data):08x} {len(data)}", flush=True)


def stream(camera: Aravis.Camera) -> None:
    """Until the end, or until control is lost."""
    lost: list[bool] = []
    camera.get_device().connect("control-lost", lambda _: lost.append(True))
    receiver = camera.create_stream(None, None)
    for _ in range(BUFFERS):
        receiver.push_buffer(Aravis.Buffer.new_allocate(camera.get_payload()))
    camera.start_acquisition()
    context = GLib.MainContext.default()
    while not stopped and not lost:
        context.iteration(False)
        if buffer := receiver.timeout_pop_buffer(100_000):
            tell(buffer)
            receiver.push_buffer(buffer)
    if not lost:
        camera.stop_acquisition()


def main() -> None:
    signal.signal(signal.SIGTERM, stop)
    address = os.environ["GIGEMU_TEST_ADDRESS"]
    while not stopped:
        try:
            stream(Aravis.Camera.new(address))
        except GLib.Error as error:
            print(error.message, file=sys.stderr, flush=True)
            time.sleep(PAUSE_S)


if __name__ == "__main__":
    main()
