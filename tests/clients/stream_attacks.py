#!/usr/bin/env python3
"""Streams under disturbance: requests of other hosts, forged ICMP, routes, offload, pace."""

from __future__ import annotations

import socket
import struct
import time

import features
import netns
from camera import Camera
from checks import Checks
from session import Session
from wire import SCCFG, SCDA, SCP, SCPD, SCPS, SCSP, number_of_ip
from wire_stream import PORT, Block, StreamReceiver, resend_command

QUIET_S, BOUND_S = 0.7, 15.0
DO_NOT_FRAGMENT, TO_REQUESTER = 1 << 30, 8
SECONDS = 5.0
LIMIT_BYTES_PER_S = 20_000_000


def take(receiver: StreamReceiver, seconds: float) -> None:
    """Takes whatever comes for so long, and asks for nothing."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        packet = receiver.receive(min(left, 0.05))
        if packet is not None:
            receiver._accept(packet)


def flood(session: Session, stranger: socket.socket, camera: str, per_second: int) -> int:
    """A stranger asks for one block after the other, and the client takes its stream. How often it asked."""
    begin, asked = time.monotonic(), 0
    while (passed := time.monotonic() - begin) < SECONDS:
        while asked < passed * per_second:
            stranger.sendto(resend_command(asked % 65535 + 1, 0, 0xFFFFFFFF, False), (camera, PORT))
            asked += 1
        take(session.receiver, 0.01)
    return asked


def strangers(checks: Checks, network: netns.Network) -> None:
    camera, own = network.address("camera"), network.address("client")
    with network.inside("client"):
        session = Session(camera, own)
    with network.inside("stranger"):
        stranger = StreamReceiver(network.address("stranger"), camera, port=session.receiver.port)
    with session, stranger:
        for configuration in (0, TO_REQUESTER):
            session.write(SCCFG, configuration)
            for per_second in (20, 2000):
                session.reopen()
                session.receiver.refusals.clear()
                session.start()
                asked = flood(session, stranger.socket, camera, per_second)
                session.stop()
                take(session.receiver, 0.3)
                name = f"{asked} requests of a stranger, SCCFG = {configuration}"
                checks.equal(f"{name}: no refusal comes to the client", len(session.receiver.refusals), 0)
                checks.that(
                    f"{name}: every block came once",
                    all(b.complete and not b.resent for b in session.receiver.blocks.values()),
                    sum(not b.complete for b in session.receiver.blocks.values()),
                )
                checks.that(f"{name}: {len(session.receiver.blocks)} blocks", len(session.receiver.blocks) > 10)
                checks.equal(f"{name}: the stranger gets nothing", stranger.drain(0.1), 0)


def unreachable(quoted: bytes, camera: str, client: str, ports: tuple[int, int]) -> bytes:
    """An ICMP message that says that the client's port is closed, and quotes a datagram of the camera."""
    udp = struct.pack(">HHHH", *ports, 8 + len(quoted), 0) + quoted
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0x4000, 64, socket.IPPROTO_UDP, 0)
    ip += socket.inet_aton(camera) + socket.inet_aton(client)
    body = struct.pack(">BBHI", 3, 3, 0, 0) + ip + udp
    words = body + bytes(len(body) % 2)
    total = sum(struct.unpack(f">{len(words) // 2}H", words))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return body[:2] + struct.pack(">H", total ^ 0xFFFF) + body[4:]


def forged_messages(checks: Checks, network: netns.Network) -> None:
    camera, own = network.address("camera"), network.address("client")
    with network.inside("stranger"):
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    with network.inside("client"):
        session = Session(camera, own)
    with session, raw:
        session.start()
        session.receiver.collect(3)
        ports = (session.read(SCSP), session.receiver.port)
        for name, quoted in (
            ("nothing of it", b""),
            ("a test packet", bytes(1472)),
            ("a packet that never was", struct.pack(">HHI", 0, 1, 3 << 24 | 1) + bytes(400)),
        ):
            for _ in range(12):
                raw.sendto(unreachable(quoted, camera, own, ports), (camera, 0))
                take(session.receiver, 0.05)
            checks.that(f"ICMP that quotes {name} does not end the stream", session.read(SCP) != 0)


def closed_port(checks: Checks, network: netns.Network) -> None:
    camera, own = network.address("camera"), network.address("client")
    with network.inside("client"):
        session = Session(camera, own)
    with session:
        session.start()
        session.receiver.collect(2)
        session.receiver.socket.close()
        deadline = time.monotonic() + BOUND_S
        while session.read(SCP) != 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        checks.equal("a closed port ends the stream", session.read(SCP), 0)
        with network.inside("client"):
            session.receiver = StreamReceiver(own, camera)
        session.open_channel()
        session.start()
        checks.equal("and the next one is served", len(session.receiver.collect(2)), 2)


def no_route(checks: Checks, network: netns.Network) -> None:
    camera, own = network.address("camera"), network.address("client")
    with network.inside("client"):
        session = Session(camera, own)
    with session:
        session.start()
        session.receiver.collect(2)
        session.stop()
        session.receiver.drain(QUIET_S)
        session.write(SCDA, number_of_ip("203.0.113.9"))
        session.start()
        session.write(SCPS, session.read(SCPS) | 1 << 31)
        checks.equal(
            "where no route leads, the client before gets nothing", session.receiver.drain(QUIET_S), 0
        )
        session.stop()


def offload(checks: Checks) -> None:
    config = {"link": {"gso": "on"}}
    with netns.Network("camera", "client") as network:
        camera, own = network.address("camera"), network.address("client")
        with Camera(address=camera, config=config, netns=network.name("camera")):
            with network.inside("client"):
                features.configure(camera, own=own)
            for size, bit, comes in (
                (576, DO_NOT_FRAGMENT, True),
                (1500, DO_NOT_FRAGMENT, True),
                (1504, 0, True),
                (8000, 0, True),
                (8000, DO_NOT_FRAGMENT, False),
            ):
                with network.inside("client"):
                    session = Session(camera, own, size)
                with session:
                    session.write(SCPS, bit | size)
                    session.open_channel()
                    session.start()
                    take(session.receiver, 1.5)
                    whole = [b for b in session.receiver.blocks.values() if b.complete]
                    checks.equal(
                        f"with offload, {size} bytes, {'do not ' if bit else ''}fragment: blocks come whole",
                        len(whole) > 5,
                        comes,
                    )


def most_in(stamps: list[tuple[int, int]], window_ns: int) -> int:
    """The most bytes that any window of this length carries."""
    most = carried = first = 0
    for at, size in stamps:
        carried += size
        while stamps[first][0] < at - window_ns:
            carried -= stamps[first][1]
            first += 1
        most = max(most, carried)
    return most


def stamps_of(blocks: list[Block]) -> list[tuple[int, int]]:
    packets = (p for b in blocks for p in b.packets.values())
    return sorted((p.stamp_ns, p.udp_bytes + 28) for p in packets)


def pace(checks: Checks, network: netns.Network) -> None:
    """The host may be held up, so that only what its noise cannot make is asserted; the figures are printed."""
    camera, own = network.address("camera"), network.address("client")
    with network.inside("client"):
        session = Session(camera, own)
    with session:
        session.put("DeviceLinkThroughputLimitMode", "On")
        session.put("DeviceLinkThroughputLimit", LIMIT_BYTES_PER_S)
        session.start()
        stamps = stamps_of(session.receiver.collect(8, repair=False))
        session.stop()
        in_20 = most_in(stamps, 20 * 75_000) / (20 * 75e-6) / LIMIT_BYTES_PER_S
        in_5_ms = most_in(stamps, 5_000_000) / 5e-3 / LIMIT_BYTES_PER_S
        at_once = most_in(stamps, 20_000) // 1500
        print(f"      at 20 MB/s: {at_once} packets within 20 us; {in_20:.2f} of the limit over 1.5 ms, "
              f"{in_5_ms:.2f} over 5 ms")
        checks.that("at 20 MB/s no 21 packets leave at once", at_once < 21, at_once)
        session.receiver.drain(QUIET_S)
        session.put("DeviceLinkThroughputLimitMode", "Off")
        session.write(SCPD, 150_000)
        session.reopen()
        session.start()
        stamps = stamps_of(session.receiver.collect(8, repair=False))
        gaps = sorted(b[0] - a[0] for a, b in zip(stamps, stamps[1:]))
        middle = gaps[len(gaps) // 2] / 1e3
        print(f"      with SCPD = 150 us: the middle gap is {middle:.0f} us")
        checks.that("with SCPD = 150 us packets leave one by one", middle > 100, middle)
        session.stop()
        session.write(SCPD, 0)


def main() -> None:
    netns.require()
    checks = Checks()
    features.table()  # The program is asked for it, which may take longer than a heartbeat.
    with netns.Network("camera", "client", "stranger") as network:
        camera, own = network.address("camera"), network.address("client")
        with Camera(address=camera, netns=network.name("camera")):
            with network.inside("client"):
                features.configure(camera, own=own)
            for section in (strangers, forged_messages, closed_port, no_route):
                checks.section(section, network)
            with network.inside("client"):
                features.configure(camera, {"Width": 2048, "Height": 240}, own)
            checks.section(pace, network)
    checks.section(offload)
    checks.finish()


if __name__ == "__main__":
    main()
