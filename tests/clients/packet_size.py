#!/usr/bin/env python3
"""The size of stream packets: its rules, and the test packets that tell clients what the network carries."""

from __future__ import annotations

import socket
import struct
import time

import features
import netns
from camera import Camera
from checks import Checks
from session import Session
from wire import (
    BAD_ALIGNMENT,
    DO_NOT_FRAGMENT,
    FIRE_TEST_PACKET,
    INVALID_PARAMETER,
    SCP,
    SCPS,
    SCSP,
    WRITEMEM,
)
from wire_stream import IP_UDP_BYTES, lfsr_bytes

CAMERA = "127.0.0.1"
QUIET_S = 0.3
ETH_P_IP = 0x0800
DF = 0x4000


class Tap:
    """Sees the IP headers of what passes an interface; takes a capability that not everybody has."""

    def __init__(self, interface: str) -> None:
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
        self.socket.bind((interface, ETH_P_IP))
        self.socket.settimeout(2.0)

    def headers_to(self, port: int, count: int, bound_s: float = 10.0) -> list[tuple[int, bool]]:
        """IP length and don't-fragment flag of the next packets to this port."""
        seen: list[tuple[int, bool]] = []
        deadline = time.monotonic() + bound_s
        while len(seen) < count and time.monotonic() < deadline:
            raw = self.socket.recv(65536)
            length, _, fragment = struct.unpack_from(">HHH", raw, 2)
            if raw[9] == socket.IPPROTO_UDP and struct.unpack_from(">H", raw, 22)[0] == port:
                seen.append((length, bool(fragment & DF)))
        return seen


def limits(checks: Checks, camera: str, own: str) -> None:
    with Session(camera, own) as session:
        for asked, got in (
            (576, 576),
            (1500, 1500),
            (8000, 8000),
            (16364, 16364),
            (16404, 16364),
            (65532, 16364),
        ):
            session.write(SCPS, asked)
            checks.equal(f"SCPS = {asked} becomes {got}", session.read(SCPS), got)
            fits = asked == got
            session.write(SCPS, FIRE_TEST_PACKET | DO_NOT_FRAGMENT | asked)
            packet = session.receiver.receive(5.0 if fits else QUIET_S)
            checks.equal(f"a test packet {'comes' if fits else 'does not come'}", packet is not None, fits)
            checks.equal(
                "the fire bit reads 0, do-not-fragment stays", session.read(SCPS), DO_NOT_FRAGMENT | got
            )
        session.write(SCPS, 1500)
        for asked, status in (
            (572, INVALID_PARAMETER),
            (579, BAD_ALIGNMENT),
            (1502, BAD_ALIGNMENT),
            (16365, BAD_ALIGNMENT),
            (65535, BAD_ALIGNMENT),
        ):
            checks.refused(f"SCPS = {asked} is refused", status, lambda: session.write(SCPS, asked))
            checks.equal("and changes nothing", session.read(SCPS), 1500)
        session.receiver.drain(0.1)


def content(checks: Checks, camera: str, own: str) -> None:
    for extended in (False, True):
        with Session(camera, own, extended=extended) as session:
            for size in (576, 580, 1500, 9000, 16364):
                session.write(SCPS, FIRE_TEST_PACKET | DO_NOT_FRAGMENT | size)
                packet = session.receiver.await_packet()
                name = f"the test packet of {size} bytes with {'long' if extended else 'short'} ids"
                checks.equal(f"{name} has that size", packet.udp_bytes, size - IP_UDP_BYTES)
                zero = (packet.status, packet.block, packet.format, packet.id, packet.extended)
                checks.equal("its header is zero", zero, (0, 0, 0, 0, extended))
                checks.that(
                    "its content is the LFSR's",
                    packet.body == lfsr_bytes(len(packet.body)),
                    packet.body[:16].hex(),
                )
                checks.equal("it comes from the stream's port", packet.sender, (camera, session.read(SCSP)))
            checks.that("each write fires one", session.receiver.receive(QUIET_S) is None)


def conditions(checks: Checks, camera: str, own: str) -> None:
    with Session(camera, own) as session:
        with session.lock:
            word = struct.pack(">II", SCPS, FIRE_TEST_PACKET | 1000)
            checks.equal("fired by WRITEMEM", session.client.ask(WRITEMEM, word).status, 0)
        checks.equal("it comes as well", session.receiver.await_packet().udp_bytes, 1000 - IP_UDP_BYTES)
        session.write(SCP, 0)
        session.write(SCPS, FIRE_TEST_PACKET | 1000)
        checks.that(
            "with the channel closed the write is acknowledged and nothing comes",
            session.receiver.receive(QUIET_S) is None,
        )
        session.open_channel()
        session.start()
        session.receiver.collect(1)
        checks.refused("while streaming the size is locked", 0x8004, lambda: session.write(SCPS, 1500))
        session.write(SCPS, session.read(SCPS))
        checks.that("writing the same size is no change", True)


def do_not_fragment(checks: Checks, camera: str, own: str, interface: str) -> None:
    try:
        tap = Tap(interface)
    except PermissionError:
        return checks.skip("don't-fragment in test packets", "raw sockets are not permitted")
    for bit in (DO_NOT_FRAGMENT, 0):
        state = "set" if bit else "clear"
        with Session(camera, own) as session:
            session.write(SCPS, FIRE_TEST_PACKET | bit | 1200)
            session.receiver.await_packet()
            seen = tap.headers_to(session.receiver.port, 1)
            checks.equal(f"a test packet is not to be fragmented, with the bit {state}", seen, [(1200, True)])
        with Session(camera, own) as session:
            session.write(SCPS, DO_NOT_FRAGMENT - bit | 1200)
            session.open_channel()
            session.write(SCPS, bit | 1200)
            session.start()
            session.receiver.collect(1)
            flags = {flag for _, flag in tap.headers_to(session.receiver.port, 10)}
            checks.equal(
                f"stream packets with the bit {state} after the channel was opened", flags, {bool(bit)}
            )


def beyond_the_link(checks: Checks) -> None:
    if not netns.possible():
        return checks.skip("a test packet larger than the link", netns.REASON)
    with netns.Network("camera", "client") as network:
        camera, own = network.address("camera"), network.address("client")
        with Camera(address=camera, netns=network.name("camera")), network.inside("client"):
            features.configure(camera, own=own)
            with Session(camera, own) as session:
                for size, comes in ((1500, True), (1504, False), (9000, False), (1496, True)):
                    session.write(SCPS, FIRE_TEST_PACKET | DO_NOT_FRAGMENT | size)
                    packet = session.receiver.receive(5.0 if comes else QUIET_S)
                    sentence = f"of {size} bytes on a link of 1500 {'comes' if comes else 'does not come'}"
                    checks.equal(f"a test packet {sentence}", packet is not None, comes)
            checks.section(do_not_fragment, camera, own, "eth0")


def main() -> None:
    netns.prepare()
    checks = Checks()
    with Camera():
        features.configure(CAMERA)
        for section in (limits, content, conditions):
            checks.section(section, CAMERA, CAMERA)
        checks.section(do_not_fragment, CAMERA, CAMERA, "lo")
    checks.section(beyond_the_link)
    checks.finish()


if __name__ == "__main__":
    main()
