#!/usr/bin/env python3
"""Who may do what and for how long, and what the camera tells by itself: privileges, heartbeat, events."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import features
from camera import Camera
from checks import Checks
from wire import (
    ACCESS_DENIED,
    CCP,
    CONTROL,
    DISCOVERY_BYTES,
    EVENT,
    EXCLUSIVE,
    GVCP_CONFIGURATION,
    HEARTBEAT,
    MCDA,
    MCP,
    MCRC,
    MCSP,
    MCTT,
    MODEL,
    OWNER_IP,
    OWNER_PORT,
    PENDING_ACK,
    PENDING_TIMEOUT,
    READMEM,
    READREG,
    SCDA,
    SCP,
    SCPD,
    SCPS,
    SWITCHOVER,
    SWITCHOVER_KEY,
    USER_NAME,
    VENDOR,
    WRITEMEM,
    WRITEREG,
    XML_URL,
    Client,
    EventReceiver,
    NoAnswer,
    command,
    number_of_ip,
    parse_events,
    request_id_of,
)

CAMERA = "127.0.0.1"
PRIMARY_APPLICATION_SWITCH = 0x0007
TIMESTAMP_CONTROL, TIMESTAMP_LATCH = 0x0944, 0x0948
NO_CHANNEL = 0xFFFF


def control_privilege(checks: Checks) -> None:
    with Client(CAMERA) as one, Client(CAMERA) as other:
        checks.equal("nobody has control at first", one.read(CCP, OWNER_PORT, OWNER_IP), [0, 0, 0])
        one.take_control()
        owner = [CONTROL, one.port, number_of_ip(CAMERA)]
        checks.equal("the owner is published", other.read(CCP, OWNER_PORT, OWNER_IP), owner)
        checks.refused("another may not take control", ACCESS_DENIED, other.take_control)
        checks.refused("nor release it", ACCESS_DENIED, other.release_control)
        checks.refused("nor write", ACCESS_DENIED, lambda: other.write((SCPD, 5)))
        checks.refused(
            "nor write memory", ACCESS_DENIED, lambda: other.write_memory(USER_NAME, b"thief\0\0\0")
        )
        checks.equal("but it may read memory", len(other.read_memory(0, 64)), 64)
        one.take_control()
        checks.equal("the owner may ask twice", one.read_one(CCP), CONTROL)
        one.release_control()
        other.take_control()
        checks.equal("what is released can be taken", one.read_one(OWNER_PORT), other.port)
        other.release_control()


def exclusive_privilege(checks: Checks) -> None:
    with Client(CAMERA) as one, Client(CAMERA) as other:
        for value in (EXCLUSIVE, 3):
            one.take_control(value)
            checks.equal(f"CCP = {value} reads back", one.read_one(CCP), value)
            checks.refused(f"CCP = {value} keeps others from reading", ACCESS_DENIED, lambda: other.read(CCP))
            checks.refused("and from reading memory", ACCESS_DENIED, lambda: other.read_memory(0, 8))
            checks.refused("and from writing", ACCESS_DENIED, lambda: other.write((SCPD, 5)))
            checks.refused("and from control", ACCESS_DENIED, other.take_control)
            checks.equal("but not from discovery", len(other.discover()), DISCOVERY_BYTES)
            one.take_control(CONTROL)
            checks.equal("the owner may step down", other.read_one(CCP), CONTROL)
        one.release_control()


def switchover(checks: Checks) -> None:
    with Client(CAMERA) as one, Client(CAMERA) as other, EventReceiver(CAMERA) as receiver:
        one.take_control()
        one.write((SWITCHOVER_KEY, 0x1234), (MCDA, number_of_ip(CAMERA)), (MCP, receiver.address[1]))
        checks.refused(
            "the key is no use before switchover is enabled",
            ACCESS_DENIED,
            lambda: other.take_control(0x1234 << 16 | CONTROL),
        )
        one.take_control(SWITCHOVER)
        checks.refused(
            "a wrong key is refused", ACCESS_DENIED, lambda: other.take_control(0x9999 << 16 | CONTROL)
        )
        checks.refused("so is none", ACCESS_DENIED, other.take_control)
        other.take_control(0x1234 << 16 | CONTROL)
        checks.equal("the right key takes control; it does not read back", other.read_one(CCP), CONTROL)
        checks.equal("the owner is another", other.read_one(OWNER_PORT), other.port)
        checks.refused("the old one may write no more", ACCESS_DENIED, lambda: one.write((SCPD, 5)))
        checks.equal(
            "its message channel was told", [e.id for e in receiver.take()], [PRIMARY_APPLICATION_SWITCH]
        )
        other.write((SWITCHOVER_KEY, 0))
        other.release_control()


def heartbeat(checks: Checks) -> None:
    with Client(CAMERA) as owner, Client(CAMERA) as watcher:
        owner.take_control()
        owner.write(
            (HEARTBEAT, 500), (SCDA, number_of_ip(CAMERA)), (SCP, 9), (MCDA, number_of_ip(CAMERA)), (MCP, 9)
        )
        checks.that("a silent owner loses control, however often another reads", falls_to_zero(watcher, CCP))
        checks.equal("its ports are closed", watcher.read(SCP, MCP, OWNER_PORT, OWNER_IP), [0, 0, 0, 0])
        checks.equal("the destination is kept", watcher.read_one(SCDA), number_of_ip(CAMERA))
        checks.refused("it may not write any more", ACCESS_DENIED, lambda: owner.write((SCPD, 5)))
        owner.take_control()
        checks.equal("and may come back", watcher.read_one(OWNER_PORT), owner.port)
        owner.write((GVCP_CONFIGURATION, 1), (HEARTBEAT, 500))
        time.sleep(1.0)
        checks.equal("without heartbeat the silent owner stays", watcher.read_one(CCP), CONTROL)
        owner.write((GVCP_CONFIGURATION, 0), (HEARTBEAT, 3000))
        owner.release_control()


def falls_to_zero(client: Client, address: int, bound_s: float = 15.0) -> bool:
    deadline = time.monotonic() + bound_s
    while time.monotonic() < deadline:
        if client.read_one(address) == 0:
            return True
        time.sleep(0.05)
    return False


def retransmissions(checks: Checks) -> None:
    start = struct.pack(">II", features.address("TestEventGenerate"), 1)
    with Client(CAMERA) as client, EventReceiver(CAMERA) as receiver:
        open_message_channel(client, receiver)
        datagram = command(WRITEREG, start, 4242)
        answers = []
        for _ in range(3):
            client.send(datagram)
            answers.append(client.await_ack(4242).raw)
        checks.equal("a repeated write is answered the same each time", len(set(answers)), 1)
        client.write((features.address("TestEventGenerate"), 1))
        events = receiver.take()
        while len(events) < 2:
            events += receiver.take()
        checks.that("and is executed once", nothing_more(receiver), "more events than writes")
        checks.equal("as the events tell", len(events), 2)
        client.send(command(WRITEMEM, start, 4243))
        client.send(command(WRITEMEM, start, 4243))
        checks.equal("WRITEMEM likewise", client.await_ack(4243).raw, client.await_ack(4243).raw)
        checks.equal("one event", len(receiver.take()), 1)
        checks.that("and no more", nothing_more(receiver))
        read = command(READREG, struct.pack(">I", SCPD), 4244)
        for value in (321, 0):
            client.write((SCPD, value))
            client.send(read)
            payload = client.await_ack(4244).payload
            checks.equal(
                "a read with the same number tells the present value", payload, struct.pack(">I", value)
            )
        client.release_control()


def nothing_more(receiver: EventReceiver, quiet_s: float = 0.3) -> bool:
    try:
        receiver.receive(quiet_s)
    except NoAnswer:
        return True
    return False


def open_message_channel(
    client: Client, receiver: EventReceiver, timeout_ms: int = 2000, retries: int = 2
) -> None:
    client.take_control()
    client.write(
        (MCDA, number_of_ip(CAMERA)), (MCTT, timeout_ms), (MCRC, retries), (MCP, receiver.address[1])
    )
    features.put(client, "EventSelector", "Test")
    features.put(client, "EventNotification", "On")


def events(checks: Checks) -> None:
    event_id = 0x9000
    with Client(CAMERA) as client, EventReceiver(CAMERA) as receiver:
        open_message_channel(client, receiver)
        features.put(client, "TestEventGenerate")
        datagram, sender = receiver.receive()
        receiver.acknowledge(datagram, sender)
        event = parse_events(datagram)[0]
        checks.that("the test event comes, in the vendor's range of ids", event.id >= event_id, hex(event.id))
        checks.equal("it belongs to no stream", (event.channel, event.block), (NO_CHANNEL, 0))
        checks.equal("from the port that MCSP names", sender, (CAMERA, client.read_one(MCSP)))
        checks.that("and asks for an acknowledge", datagram[1] & 1)
        client.write((TIMESTAMP_CONTROL, 2))
        high, low = client.read(TIMESTAMP_LATCH, TIMESTAMP_LATCH + 4)
        checks.that("its time is in the camera's past", 0 < event.timestamp <= high << 32 | low)
        checks.that("what is acknowledged is not sent again", nothing_more(receiver))
        features.put(client, "EventNotification", "Off")
        features.put(client, "TestEventGenerate")
        checks.that("an event that is off is not sent", nothing_more(receiver))
        features.put(client, "EventNotification", "On")
        client.write((MCP, 0))
        checks.equal("a closed channel has no source port", client.read_one(MCSP), 0)
        features.put(client, "TestEventGenerate")
        checks.that("and sends nothing", nothing_more(receiver))
        client.release_control()


def event_retries(checks: Checks) -> None:
    with Client(CAMERA) as client, EventReceiver(CAMERA) as receiver:
        open_message_channel(client, receiver, timeout_ms=100, retries=3)
        features.put(client, "TestEventGenerate")
        sent = [receiver.receive()[0] for _ in range(4)]
        checks.equal(
            "without acknowledge an event is sent 1 + MCRC times, the same each time", len(set(sent)), 1
        )
        checks.that("and then no more", nothing_more(receiver, 0.5))
        features.put(client, "TestEventGenerate")
        again = receiver.receive()
        receiver.acknowledge(*again)
        checks.that("the next event has another id", request_id_of(again[0]) != request_id_of(sent[0]))
        client.write((MCTT, 0))
        features.put(client, "TestEventGenerate")
        datagram, _ = receiver.receive()
        checks.equal(
            "with MCTT = 0 no acknowledge is asked for",
            (datagram[1] & 1, datagram[2:4]),
            (0, struct.pack(">H", EVENT)),
        )
        checks.that("and the event comes once", nothing_more(receiver))
        client.write((MCTT, 300), (MCRC, 2), (MCP, 0))
        client.release_control()


def pending_acknowledge(checks: Checks) -> None:
    with Client(CAMERA) as client, Client(CAMERA) as other:
        client.take_control()
        limit = client.read_one(PENDING_TIMEOUT)
        client.write((GVCP_CONFIGURATION, 2))
        features.put(client, "TestPendingAck", 3 * limit)
        checks.equal(
            "a slow command is announced by one PENDING_ACK that says how slow",
            client.pending_acks,
            [3 * limit],
        )
        features.put(client, "TestPendingAck", 1)
        checks.equal("a quick one is not", len(client.pending_acks), 1)
        slow = command(WRITEREG, struct.pack(">II", features.address("TestPendingAck"), 4 * limit), 4245)
        client.send(slow)
        checks.equal("meanwhile the camera answers others", other.read_one(CCP), CONTROL)
        client.send(slow)
        pending = [client.receive(), client.receive()]
        codes = [ack.code for ack in pending]
        checks.equal("the repeated command is pending, too", codes, [PENDING_ACK, PENDING_ACK])
        checks.equal("and is acknowledged in the end", client.await_ack(4245).status, 0)
        client.write((GVCP_CONFIGURATION, 0))
        before = len(client.pending_acks)
        features.put(client, "TestPendingAck", 2 * limit)
        checks.equal(
            "where the client has not enabled it, there is only the acknowledge",
            len(client.pending_acks),
            before,
        )
        features.put(client, "TestPendingAck", 0)
        client.release_control()


def memory(checks: Checks) -> None:
    with Client(CAMERA) as client:
        whole = client.read_memory(0, DISCOVERY_BYTES)
        checks.equal(
            "a register is the same by READREG and by READMEM",
            client.read(0, 4, 8, 0xC),
            list(struct.unpack(">4I", whole[:16])),
        )
        text = b"".join(struct.pack(">I", word) for word in client.read(*range(VENDOR, VENDOR + 32, 4)))
        checks.equal("a text by READREG, four bytes at a time", text, whole[VENDOR : VENDOR + 32])
        checks.equal("a part of a text", client.read_memory(MODEL + 4, 8), whole[MODEL + 4 : MODEL + 12])
        checks.equal("the gap behind a register reads as zero", client.read_memory(0x0034, 12)[4:], bytes(8))
        checks.equal("a span across registers and gaps", client.read_memory(0x0024, 36), whole[0x24:0x48])
        span = struct.unpack(">3I", client.read_memory(features.address("PixelFormat"), 12))
        apart = tuple(features.fetch(client, name) for name in ("PixelFormat", "Width", "Height"))
        checks.equal("a span across features", span, apart)
        name, start, length = client.read_text(XML_URL, 512).removeprefix("Local:").split(";")
        packed = client.read_long(int(start, 16), int(length, 16))
        checks.equal(
            "by pieces of 536 bytes the file is the same",
            client.read_long(int(start, 16), int(length, 16), 536),
            packed,
        )
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            checks.equal("it is a zip of one file", len(archive.namelist()), 1)
            content = archive.read(archive.namelist()[0])
        checks.that(
            f"{name} holds a description", content.startswith(b"<?xml") and b"RegisterDescription" in content
        )
        end = int(start, 16) + int(length, 16)
        tail = client.read_memory(end // 4 * 4, 4) if end % 4 else bytes(4)
        checks.equal("its last word is filled with zeros", tail[end % 4 :].strip(b"\0"), b"")


def write_memory_acts(checks: Checks) -> None:
    """WRITEMEM on a register does all that WRITEREG does."""
    with Client(CAMERA) as client:
        client.write_memory(CCP, struct.pack(">I", CONTROL))
        checks.equal("control by WRITEMEM", client.read_one(OWNER_PORT), client.port)
        client.write_memory(HEARTBEAT, struct.pack(">I", 100))
        checks.equal("a heartbeat is limited", client.read_one(HEARTBEAT), 500)
        client.write_memory(SCPS, struct.pack(">I", 20000))
        checks.equal("a packet size is limited", client.read_one(SCPS) & 0xFFFF, 16364)
        client.write_memory(USER_NAME, b"by memory\0\0\0\0\0\0\0")
        checks.equal("a name by WRITEMEM", client.read_text(USER_NAME, 16), "by memory")
        client.write((USER_NAME + 4, int.from_bytes(b"ords", "big")), (USER_NAME + 8, 0))
        checks.equal("and a part of it by WRITEREG", client.read_text(USER_NAME, 16), "by mords")
        client.write_memory(features.address("Width"), struct.pack(">II", 544, 32))
        checks.equal(
            "a span of two features",
            [features.fetch(client, n) for n in ("Width", "Height", "PayloadSize")],
            [544, 32, 544 * 32],
        )
        client.write_memory(features.address("Width"), struct.pack(">II", 528, 64))
        wrong = struct.pack(">I", features.address("SensorWidth")) + struct.pack(">I", 1)
        checks.that("a refusal has its status", client.ask(WRITEMEM, wrong).status == 0x8004)
        checks.that(
            "the write of nothing readable is a refusal", client.ask(READMEM, bytes(4)).status == 0x8002
        )
        client.write((HEARTBEAT, 3000))
        client.write_memory(CCP, bytes(4))
        checks.equal("and release by WRITEMEM", client.read_one(CCP), 0)


def main() -> None:
    checks = Checks()
    with Camera() as camera:
        features.configure(CAMERA)
        for section in (
            control_privilege,
            exclusive_privilege,
            switchover,
            heartbeat,
            retransmissions,
            events,
            event_retries,
            pending_acknowledge,
            memory,
            write_memory_acts,
        ):
            checks.section(section)
        checks.that("the camera still runs", camera.runs)
    checks.finish()


if __name__ == "__main__":
    main()
