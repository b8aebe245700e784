#!/usr/bin/env python3
"""The stream, packet by packet: ids, sizes, formats, resends, multicast, pacing, and how it ends."""

from __future__ import annotations

import struct
import time

import features
import netns
from camera import Camera
from checks import Checks
from session import Session
from wire import (
    CCP,
    CONTROL,
    GVCP_CONFIGURATION,
    GVSP_CONFIGURATION,
    HEARTBEAT,
    SCDA,
    SCP,
    SCPD,
    SCCFG,
    SCPS,
    SCSP,
    Client,
    number_of_ip,
)
from wire_stream import (
    IMAGE,
    IMAGE_WITH_CHUNKS,
    LEADER,
    PACKET_NOT_YET_AVAILABLE,
    PACKET_REMOVED,
    PACKET_UNAVAILABLE,
    PAYLOAD,
    RESENT_STATUS,
    TRAILER,
    Block,
    Leader,
    StreamReceiver,
)

CAMERA = "127.0.0.1"
WIDTH, HEIGHT = 528, 64
BAYER_RG8 = 0x0108_0009
HEADERS_BYTES = {False: 36, True: 48}  # IP, UDP and GVSP, with short and with long ids
QUIET_S, BOUND_S = 0.7, 15.0
RESEND_TO_REQUESTER = 8
# Long ids only grow, so such a block is to come; short ones come round again, and it may have been.
UNKNOWN_BLOCK = {False: PACKET_REMOVED, True: PACKET_NOT_YET_AVAILABLE}


def check_block(checks: Checks, name: str, block: Block, size: int, extended: bool, payload: int) -> None:
    leader, packets = block.leader, block.payload_packets()
    share = size - HEADERS_BYTES[extended]
    wanted = Leader(IMAGE, leader.timestamp, BAYER_RG8, WIDTH, HEIGHT, leader.offset_x, leader.offset_y, 0, 0)
    checks.equal(f"{name}: the leader tells the image", leader, wanted)
    checks.equal(f"{name}: the trailer tells its height", block.trailer, (IMAGE, HEIGHT))
    formats = [block.packets[i].format for i in sorted(block.packets)]
    checks.equal(
        f"{name}: leader, payload, trailer", formats, [LEADER] + [PAYLOAD] * len(packets) + [TRAILER]
    )
    checks.equal(f"{name}: as many packets as it takes", len(packets), -(-payload // share))
    checks.equal(
        f"{name}: all full but the last",
        {len(p.body) for p in packets[:-1]},
        {share} if packets[1:] else set(),
    )
    checks.equal(f"{name}: PayloadSize bytes", len(block.data), payload)
    checks.equal(
        f"{name}: the ids are {'long' if extended else 'short'}", {p.extended for p in packets}, {extended}
    )


def ids_and_sizes(checks: Checks) -> None:
    for extended in (False, True):
        for size in (576, 1500, 8000):
            with Session(CAMERA, CAMERA, size, extended) as session:
                session.start()
                blocks = session.receiver.collect(3)
                name = f"{size} bytes, {'long' if extended else 'short'} ids"
                check_block(checks, name, blocks[-1], size, extended, WIDTH * HEIGHT)
                stamps = [block.leader.timestamp for block in blocks]
                checks.that(f"{name}: time goes on", stamps == sorted(set(stamps)), stamps)
                senders = {p.sender for block in blocks for p in block.packets.values()}
                checks.equal(
                    f"{name}: from the port that SCSP names", senders, {(CAMERA, session.read(SCSP))}
                )


def blocks_begin_at_one(checks: Checks) -> None:
    with Session(CAMERA, CAMERA) as session:
        session.start()
        session.receiver.collect(3)
        session.stop()
        session.reopen()
        session.start()
        session.receiver.collect(2)
        checks.equal("a channel that is opened anew begins with block 1", min(session.receiver.blocks), 1)
        session.stop()
        session.receiver.fell_silent(QUIET_S, BOUND_S)
        session.open_channel()
        session.receiver.blocks.clear()
        session.start()
        session.receiver.collect(2)
        checks.equal("also if it was not closed before", min(session.receiver.blocks), 1)


def pixel_formats(checks: Checks) -> None:
    area = WIDTH * HEIGHT
    sizes = {
        "BayerRG8": area,
        "BayerRG12p": area * 3 // 2,
        "BayerRG12Packed": area * 3 // 2,
        "BayerRG16": area * 2,
    }
    means = {}
    with Session(CAMERA, CAMERA) as session:
        for name, size in sizes.items():
            session.put("PixelFormat", name)
            checks.equal(f"{name}: PayloadSize", session.fetch("PayloadSize"), size)
            session.start()
            block = session.receiver.collect(1)[0]
            session.stop()
            checks.equal(f"{name}: so many bytes come", len(block.data), size)
            checks.equal(
                f"{name}: the leader names it", block.leader.pixel_format, features.units("PixelFormat", name)
            )
            means[name] = mean_of_12_bits(name, block.data)
            session.receiver.fell_silent(QUIET_S, BOUND_S)
            session.reopen()
        session.put("PixelFormat", "BayerRG8")
    middle = means["BayerRG12p"]
    checks.that(
        "all formats show the same brightness", all(abs(m / middle - 1) < 0.03 for m in means.values()), means
    )


def mean_of_12_bits(name: str, data: bytes) -> float:
    if name == "BayerRG8":
        return sum(data) / len(data) * 16 + 7.5
    if name == "BayerRG16":
        return sum(struct.unpack(f"<{len(data) // 2}H", data)) / (len(data) // 2) / 16
    pixels = 0
    for first, middle, last in zip(data[0::3], data[1::3], data[2::3]):
        if name == "BayerRG12p":
            pixels += (first | (middle & 15) << 8) + (last << 4 | middle >> 4)
        else:
            pixels += (first << 4 | middle & 15) + (last << 4 | middle >> 4)
    return pixels / (len(data) // 3 * 2)


def chunks(checks: Checks) -> None:
    if "ChunkModeActive" not in features.table():
        return checks.skip("chunks", "this camera sends none")
    with Session(CAMERA, CAMERA) as session:
        for name, value in (("ExposureTime", 1234), ("ChunkModeActive", 1)):
            session.put(name, value)
        for chunk in ("ExposureTime", "Gain"):
            session.put("ChunkSelector", chunk)
            session.put("ChunkEnable", 1)
        payload = session.fetch("PayloadSize")
        session.start()
        block = session.receiver.collect(1)[0]
        session.stop()
        checks.equal("with chunks PayloadSize tells the whole", len(block.data), payload)
        checks.equal("the leader says that there are chunks", block.leader.payload_type, IMAGE_WITH_CHUNKS)
        found = block.chunks
        checks.equal(
            "the first of three chunks is the image", [len(c) for c in found.values()][-1], WIDTH * HEIGHT
        )
        checks.equal("and there are two more", len(found), 3)
        checks.that(
            "one of them holds the exposure time", struct.pack(">I", 1234) in found.values(), found.keys()
        )
        session.put("ExposureTime", 1000)
        session.put("ChunkModeActive", 0)


def resends(checks: Checks) -> None:
    for extended in (False, True):
        ids = "long" if extended else "short"
        with Session(CAMERA, CAMERA, 1500, extended) as session:
            receiver = session.receiver
            session.write(GVCP_CONFIGURATION, 4)
            session.start()
            block = receiver.collect(2)[0]
            session.stop()
            receiver.fell_silent(QUIET_S, BOUND_S)
            receiver.ask_again(block.id, 0, 0xFFFFFFFF, extended)
            again = [receiver.await_packet() for _ in block.packets]
            checks.equal(
                f"{ids} ids: a whole block again is the same",
                {p.id: p.body for p in again},
                {i: p.body for i, p in block.packets.items()},
            )
            checks.equal(
                f"{ids} ids: with the status of a resent packet", {p.status for p in again}, {RESENT_STATUS}
            )
            checks.equal(
                f"{ids} ids: and the flag, where there is one", {p.flags & 1 for p in again}, {int(extended)}
            )
            receiver.ask_again(block.id, 5, 7, extended)
            checks.equal(
                f"{ids} ids: a range is inclusive", [receiver.await_packet().id for _ in range(3)], [5, 6, 7]
            )
            checks.that(f"{ids} ids: and no more than that", receiver.receive(0.2) is None)
            receiver.ask_again(60000, 1, 2, extended)
            gone = [receiver.await_packet() for _ in range(2)]
            checks.equal(
                f"{ids} ids: packets of an unknown block are refused one by one",
                [(p.status, p.block, p.id, p.body) for p in gone],
                [(UNKNOWN_BLOCK[extended], 60000, i, b"") for i in (1, 2)],
            )
            receiver.ask_again(block.id, 7, 5, extended)
            checks.equal(
                f"{ids} ids: a range upside down is refused",
                receiver.await_packet().status,
                PACKET_UNAVAILABLE,
            )
            session.write(GVCP_CONFIGURATION, 0)
            receiver.ask_again(60000, 1, 1, extended)
            checks.equal(
                f"{ids} ids: the classic status, unless the client knows the others",
                receiver.await_packet().status,
                PACKET_UNAVAILABLE,
            )
            receiver.ask_again(block.id, 1, 1, extended)
            checks.equal(f"{ids} ids: a resent packet then has none", receiver.await_packet().status, 0)
            with StreamReceiver(CAMERA, CAMERA) as other:
                other.ask_again(block.id, 1, 1, extended)
                checks.equal(
                    f"{ids} ids: whoever asks, the channel's destination gets it",
                    receiver.await_packet().id,
                    1,
                )
                checks.that(f"{ids} ids: and nobody else", other.receive(0.2) is None)


def take_with_loss(extended: bool, run: int, count: int) -> tuple[list[Block], StreamReceiver]:
    # Many pixels with RTS noise; and each run loses other packets and starts at another time.
    config = {"seed": 7, "chip": {"rts_density": 0.01}, "faults": [{"fault": "packet_loss", "rate": 0.02, "seed": run}]}
    with Camera(config=config):
        features.configure(CAMERA)
        with Session(CAMERA, CAMERA, 1500, extended) as session:
            time.sleep(0.7 * run)
            session.start()
            return session.receiver.collect(count), session.receiver


def loss(checks: Checks) -> None:
    count = 25
    for extended in (False, True):
        ids = "long" if extended else "short"
        runs = [take_with_loss(extended, run, count) for run in (1, 2)]
        for blocks, receiver in runs:
            checks.equal(
                f"{ids} ids: every block is complete in spite of loss",
                [len(b.data) for b in blocks],
                [WIDTH * HEIGHT] * count,
            )
            checks.that(f"{ids} ids: thanks to {receiver.resends_asked} resends", receiver.resends_asked > 0)
        first, second = ([block.data for block in blocks] for blocks, _ in runs)
        checks.equal(
            f"{ids} ids: two runs of one seed show the same frames, whenever they start and whatever was lost",
            [i for i in range(count) if first[i] != second[i]],
            [],
        )
        checks.equal(f"{ids} ids: which are not all the same", len(set(first)), count)


def locks(checks: Checks) -> None:
    with Session(CAMERA, CAMERA) as session:
        session.start()
        session.receiver.collect(1)
        locked = {
            "Width": 544,
            "Height": 32,
            "PixelFormat": "BayerRG16",
            "AcquisitionMode": "Continuous",
            "DecimationHorizontal": 2,
        }
        for name, value in locked.items():
            checks.refused(f"{name} is locked while streaming", 0x8004, lambda: session.put(name, value))
        for address, value in ((SCP, 9), (SCDA, number_of_ip("127.0.0.9")), (GVSP_CONFIGURATION, 1 << 30)):
            checks.refused(
                f"register {address:#06x} is locked while streaming",
                0x8004,
                lambda: session.write(address, value),
            )
        session.put("ExposureTime", 2000)
        checks.equal("ExposureTime is not", session.fetch("ExposureTime"), 2000)
        session.put("ExposureTime", 1000)


def gap_between_packets(checks: Checks) -> None:
    """With 2 ms between packets a block of 24 takes at least 40 ms, whatever the machine does."""
    with Session(CAMERA, CAMERA) as session:
        session.write(SCPD, 2_000_000)
        session.start()
        block = session.receiver.collect(1)[0]
        stamps = [packet.stamp_ns for packet in block.packets.values()]
        took_ms = (max(stamps) - min(stamps)) / 1e6
        checks.that(
            "SCPD keeps packets apart",
            took_ms > 0.8 * 2 * len(stamps) * 0.5,
            f"{took_ms} ms for {len(stamps)}",
        )
        session.stop()
        session.write(SCPD, 0)


def endings(checks: Checks) -> None:
    with Session(CAMERA, CAMERA) as session:
        session.start()
        session.receiver.collect(2)
        session.write(SCP, 0)
        checks.that("SCP = 0 ends the stream", session.receiver.fell_silent(QUIET_S, BOUND_S))
        checks.equal("the channel stays closed", session.read(SCP), 0)
    with Session(CAMERA, CAMERA) as session:
        session.start()
        session.receiver.collect(2)
        session.stop()
        checks.that("AcquisitionStop ends it", session.receiver.fell_silent(QUIET_S, BOUND_S))
        last = max(session.receiver.blocks)
        checks.that("with a whole block", session.receiver.blocks[last].complete or last == 2, last)
        checks.that("and leaves the channel open", session.read(SCP) != 0)
    with Session(CAMERA, CAMERA) as session:
        session.start()
        session.receiver.collect(2)
        session.receiver.socket.close()
        checks.that("a client whose host says that nobody listens ends it", becomes(session, SCP, 0))
        session.receiver = StreamReceiver(CAMERA, CAMERA)
        session.open_channel()
        session.start()
        checks.equal("it may start again", len(session.receiver.collect(2)), 2)


def becomes(session: Session, address: int, value: int) -> bool:
    deadline = time.monotonic() + BOUND_S
    while time.monotonic() < deadline:
        if session.read(address) == value:
            return True
        time.sleep(0.1)
    return False


def dead_client(checks: Checks) -> None:
    """A client that falls silent loses control, and its stream ends."""
    with Client(CAMERA) as client, StreamReceiver(CAMERA, CAMERA) as receiver:
        client.take_control(CONTROL)
        client.write((HEARTBEAT, 500), (SCPS, 1500), (SCDA, number_of_ip(CAMERA)), (SCP, receiver.port))
        features.put(client, "AcquisitionStart")
        receiver.await_packet()
        checks.that("a dead client's stream ends", receiver.fell_silent(QUIET_S, BOUND_S))
        checks.equal("the channel is closed, control is free", client.read(CCP, SCP), [0, 0])
        client.take_control()
        client.write((HEARTBEAT, 3000))
        client.release_control()


def multicast(checks: Checks) -> None:
    if not netns.possible():
        return checks.skip("multicast", netns.REASON)
    group = "239.192.26.5"
    with netns.Network("camera", "owner", "guest") as network:
        camera, owner, guest = (network.address(host) for host in ("camera", "owner", "guest"))
        with Camera(address=camera, netns=network.name("camera")):
            with network.inside("owner"):
                features.configure(camera, own=owner)
                session = Session(camera, owner, group=group)
            with network.inside("guest"):
                listener = StreamReceiver(guest, camera, group, session.receiver.port)
            with session, listener:
                session.start()
                mine, others = session.receiver.collect(3), listener.collect(3)
                checks.equal(
                    "two hosts get the same blocks of one group",
                    [b.data for b in mine],
                    [b.data for b in others],
                )
                session.stop()
                session.receiver.fell_silent(QUIET_S, BOUND_S)
                listener.drain(0.1)
                listener.ask_again(2, 1, 1, False)
                checks.that("who does not control gets nothing again", listener.receive(QUIET_S) is None)
                session.receiver.ask_again(2, 1, 1, False)
                checks.equal("what the owner asks for, the group gets", listener.await_packet().id, 1)
                session.write(SCCFG, RESEND_TO_REQUESTER)
                session.receiver.blocks.clear()  # The write opened the channel anew.
                session.start()
                mine = session.receiver.collect(3)
                session.stop()
                session.receiver.fell_silent(QUIET_S, BOUND_S)
                with network.inside("guest"), StreamReceiver(guest, camera, port=session.receiver.port) as own:
                    for _ in range(20):
                        own.ask_again(2, 0, 0xFFFFFFFF, False)
                    packets = own.drain(QUIET_S)
                    checks.equal(
                        "where that is set, others get a block a second", packets, len(mine[1].packets)
                    )
                session.write(SCCFG, 0)
            checks.that("it ends", True)


def main() -> None:
    netns.prepare()
    checks = Checks()
    with Camera():
        features.configure(CAMERA)
        for section in (
            ids_and_sizes,
            blocks_begin_at_one,
            pixel_formats,
            chunks,
            resends,
            locks,
            gap_between_packets,
            endings,
            dead_client,
        ):
            checks.section(section)
    checks.section(loss)
    checks.section(multicast)
    checks.finish()


if __name__ == "__main__":
    main()
