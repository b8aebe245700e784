"""Frames through Aravis's Python binding. Run by /usr/bin/python3, which has it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

try:
    import gi

    gi.require_version("Aravis", "0.8")
    from gi.repository import Aravis
except (ImportError, ValueError):
    sys.exit(
        "Aravis's binding is needed: apt-get install gir1.2-aravis-0.8 python3-gi, and run /usr/bin/python3"
    )


def open_camera(address: str) -> Aravis.Camera:
    return Aravis.Camera.new(address)


def set_feature(camera: Aravis.Camera, name: str, text: str) -> None:
    camera.get_device().set_features_from_string(f"{name}={text}")


def open_stream(
    camera: Aravis.Camera,
    packet_size: int = 0,
    receive_buffer: int = 0,
    packet_socket: bool = False,
    buffers: int = 16,
) -> Aravis.Stream:
    """A stream by a plain UDP socket, or by the packet socket; 0 leaves a size as it is."""
    option = Aravis.GvStreamOption.NONE if packet_socket else Aravis.GvStreamOption.PACKET_SOCKET_DISABLED
    camera.gv_set_stream_options(option)
    if packet_size:
        camera.gv_set_packet_size_adjustment(Aravis.GvPacketSizeAdjustment.NEVER)
        camera.gv_set_packet_size(packet_size)
    stream = camera.create_stream(None, None)
    if receive_buffer:
        stream.set_property("socket-buffer", Aravis.GvStreamSocketBuffer.FIXED)
        stream.set_property("socket-buffer-size", receive_buffer)
    for _ in range(buffers):
        stream.push_buffer(Aravis.Buffer.new_allocate(camera.get_payload()))
    return stream


def buffers_for(stream: Aravis.Stream, seconds: float) -> Iterator[Aravis.Buffer]:
    """What arrives in that time; each buffer goes back when the next one is asked for."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        buffer = stream.timeout_pop_buffer(int(min(left, 1.0) * 1e6))
        if buffer is not None:
            yield buffer
            stream.push_buffer(buffer)


def succeeded(buffer: Aravis.Buffer) -> bool:
    return buffer.get_status() == Aravis.BufferStatus.SUCCESS


def statistics(stream: Aravis.Stream) -> dict[str, int]:
    names = [stream.get_info_name(i) for i in range(stream.get_n_infos())]
    return {name: stream.get_info_uint64_by_name(name) for name in names}
