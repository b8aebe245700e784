#!/usr/bin/env python3
"""Whatever is sent to the camera, it answers with the right status, or not at all, and goes on."""

from __future__ import annotations

import random
import socket
import struct

import features
from camera import Camera
from checks import Checks
from session import Session
from wire import (
    ACTION,
    ACCESS_DENIED,
    BAD_ALIGNMENT,
    CCP,
    DISCOVERY,
    DISCOVERY_DELAY,
    ERROR,
    EVENT,
    EVENTDATA,
    FORCEIP,
    GVCP_CONFIGURATION,
    HEARTBEAT,
    INVALID_ADDRESS,
    INVALID_HEADER,
    INVALID_PARAMETER,
    KEY,
    MCDA,
    MCP,
    MCSP,
    NOT_IMPLEMENTED,
    PACKETRESEND,
    PORT,
    READMEM,
    READREG,
    SCPD,
    SCPS,
    SCSP,
    SUCCESS,
    USER_NAME,
    WRITEMEM,
    WRITEREG,
    WRITE_PROTECT,
    Client,
    command,
    forceip_payload,
    number_of_ip,
)

CAMERA = "127.0.0.1"
FUZZ_SEED, FUZZ_DATAGRAMS = 265, 4000
KNOWN_STATUS = {
    SUCCESS,
    NOT_IMPLEMENTED,
    INVALID_PARAMETER,
    INVALID_ADDRESS,
    WRITE_PROTECT,
    BAD_ALIGNMENT,
    ACCESS_DENIED,
    INVALID_HEADER,
}


def words(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


def memory(address: int, count: int) -> bytes:
    return struct.pack(">IHH", address, 0, count)


def reads(checks: Checks) -> None:
    with Client(CAMERA) as client:
        for address in (0x01D0, 0x0F00, 0x9000, 0x9820, 0x0030_0000, 0x7FFF_FFFC, 0xFFFF_FFFC):
            checks.status(
                f"READREG of the unmapped {address:#x}", client.ask(READREG, words(address)), INVALID_ADDRESS
            )
            checks.status(
                f"READMEM of the unmapped {address:#x}",
                client.ask(READMEM, memory(address, 8)),
                INVALID_ADDRESS,
            )
        ack = client.ask(READREG, words(HEARTBEAT, 0x9000, CCP))
        checks.status("one unmapped register among three", ack, INVALID_ADDRESS)
        checks.equal("such a refusal has no payload", ack.payload, b"")
        for offset in (1, 2, 3):
            checks.status(
                f"READREG at CCP + {offset}", client.ask(READREG, words(CCP + offset)), BAD_ALIGNMENT
            )
            checks.status(
                f"READMEM at CCP + {offset}", client.ask(READMEM, memory(CCP + offset, 4)), BAD_ALIGNMENT
            )
            checks.status(
                f"READMEM of {4 + offset} bytes", client.ask(READMEM, memory(CCP, 4 + offset)), BAD_ALIGNMENT
            )
        for size in (0, 1, 3, 5, 7):
            checks.status(
                f"READREG with {size} bytes of addresses", client.ask(READREG, bytes(size)), INVALID_PARAMETER
            )
        for size in (0, 4, 7, 9, 12):
            checks.status(
                f"READMEM with a payload of {size} bytes", client.ask(READMEM, bytes(size)), INVALID_PARAMETER
            )
        for count in (0, 540, 1024, 0xFFFC):
            checks.status(
                f"READMEM of {count} bytes", client.ask(READMEM, memory(0, count)), INVALID_PARAMETER
            )
        checks.equal("READMEM of 536 bytes is the most", len(client.read_memory(0, 536)), 536)
        checks.equal("READREG of 135 registers is the most", len(client.read(*[CCP] * 135)), 135)
        checks.status("READREG of 136 registers", client.ask(READREG, words(*[CCP] * 136)), INVALID_PARAMETER)
        checks.status("READREG of a kilobyte", client.ask(READREG, bytes(1024)), INVALID_PARAMETER)


def writes_without_control(checks: Checks) -> None:
    with Client(CAMERA) as client, Client(CAMERA) as owner:
        attempts = {
            "WRITEREG": (WRITEREG, words(HEARTBEAT, 5000)),
            "WRITEMEM": (WRITEMEM, words(HEARTBEAT, 5000)),
        }
        for name, attempt in attempts.items():
            checks.status(f"{name} while nobody has control", client.ask(*attempt), ACCESS_DENIED)
        start = words(features.address("AcquisitionStart"), 1)
        checks.status("AcquisitionStart while nobody has control", client.ask(WRITEREG, start), ACCESS_DENIED)
        owner.take_control()
        for name, attempt in attempts.items():
            checks.status(f"{name} while another has control", client.ask(*attempt), ACCESS_DENIED)
        checks.equal("none of these changed anything", client.read_one(HEARTBEAT), 3000)
        owner.release_control()


def writes(checks: Checks) -> None:
    with Client(CAMERA) as client:
        client.take_control()
        for size in (0, 4, 7, 9, 12):
            checks.status(
                f"WRITEREG with {size} bytes of pairs", client.ask(WRITEREG, bytes(size)), INVALID_PARAMETER
            )
        pairs = words(*[SCPD, 0] * 68)
        checks.status("WRITEREG of 68 registers", client.ask(WRITEREG, pairs), INVALID_PARAMETER)
        client.write(*[(SCPD, 0)] * 67)
        checks.that("WRITEREG of 67 registers is the most", True)
        for size in (0, 3, 4):
            checks.status(
                f"WRITEMEM with a payload of {size} bytes",
                client.ask(WRITEMEM, bytes(size)),
                INVALID_PARAMETER,
            )
        checks.status("WRITEMEM of 7 bytes", client.ask(WRITEMEM, words(USER_NAME) + bytes(7)), BAD_ALIGNMENT)
        checks.status(
            "WRITEMEM of 540 bytes", client.ask(WRITEMEM, words(USER_NAME) + bytes(540)), INVALID_PARAMETER
        )
        for address in (0x01D0, 0x9000, 0x0030_0000, 0xFFFF_FFFC):
            checks.status(
                f"WRITEREG to the unmapped {address:#x}",
                client.ask(WRITEREG, words(address, 1)),
                INVALID_ADDRESS,
            )
            checks.status(
                f"WRITEMEM to the unmapped {address:#x}",
                client.ask(WRITEMEM, words(address, 1)),
                INVALID_ADDRESS,
            )
        for offset in (1, 2, 3):
            at = HEARTBEAT + offset
            checks.status(
                f"WRITEREG at HEARTBEAT + {offset}", client.ask(WRITEREG, words(at, 1)), BAD_ALIGNMENT
            )
            checks.status(
                f"WRITEMEM at HEARTBEAT + {offset}", client.ask(WRITEMEM, words(at, 1)), BAD_ALIGNMENT
            )
        xml = int(client.read_text(0x0200, 512).split(";")[1], 16)
        read_only = {
            "Version": 0,
            "MAC": 8,
            "Vendor": 0x48,
            "XML URL": 0x200,
            "Capability": 0x934,
            "SCSP": SCSP,
            "SensorWidth": features.address("SensorWidth"),
            "PayloadSize": features.address("PayloadSize"),
            "description file": xml,
        }
        for name, address in read_only.items():
            checks.status(f"WRITEREG to {name}", client.ask(WRITEREG, words(address, 1)), WRITE_PROTECT)
            checks.status(f"WRITEMEM to {name}", client.ask(WRITEMEM, words(address, 1)), WRITE_PROTECT)
        ack = client.ask(WRITEREG, words(SCPD, 77, 0x0000, 1, SCPD, 88))
        checks.status("the second of three writes fails", ack, WRITE_PROTECT)
        checks.equal("its index comes back", ack.payload, struct.pack(">HH", 0, 1))
        checks.equal("the first was done, the third was not", client.read_one(SCPD), 77)
        client.write((SCPD, 0))
        client.release_control()


def values_out_of_range(checks: Checks) -> None:
    wrong = {
        "Width": (0, 1, 512, 529, 2064, 0xFFFF_FFFF),
        "Height": (0, 2, 65, 1540),
        "PixelFormat": (0, 0x0108_0001),
        "AcquisitionStart": (0, 2, 0xFFFF_FFFF),
        "ExposureTime": (0, 19, 30_000_001),
        "Gain": (481, 0xFFFF_FFFF),
        "ReverseX": (2,),
        "TLParamsLocked": (2,),
        "EventSelector": (99,),
        "AcquisitionFrameRate": (0, 0xFFFF_FFFF),
    }
    with Client(CAMERA) as client:
        client.take_control()
        for name, values in wrong.items():
            before = features.fetch(client, name)
            for value in values:
                ack = client.ask(WRITEREG, words(features.address(name), value))
                checks.status(f"{name} = {value:#x}", ack, INVALID_PARAMETER)
            checks.equal(f"{name} stays as it was", features.fetch(client, name), before)
        for value in (36, 0, 70000, 572):
            checks.status(f"SCPS = {value}", client.ask(WRITEREG, words(SCPS, value)), INVALID_PARAMETER)
        checks.equal("SCPS stays as it was", client.read_one(SCPS) & 0xFFFF, 1500)
        for value in (4, 8, 0xFFFF):
            checks.status(f"CCP = {value:#x}", client.ask(WRITEREG, words(CCP, value)), INVALID_PARAMETER)
        checks.status(
            "a discovery delay of 1001 ms",
            client.ask(WRITEREG, words(DISCOVERY_DELAY, 1001)),
            INVALID_PARAMETER,
        )
        client.write((HEARTBEAT, 1))
        checks.equal("a heartbeat of 1 ms becomes 500 ms", client.read_one(HEARTBEAT), 500)
        client.write((HEARTBEAT, 3000), (GVCP_CONFIGURATION, 0))
        client.release_control()


def headers(checks: Checks) -> None:
    with Client(CAMERA) as client:
        whole = command(READREG, words(CCP), 77)
        for length in range(8):
            checks.silent(f"a header of {length} bytes", client, whole[:length])
        for length in range(8, len(whole)):
            checks.status(
                f"a READREG cut to {length} bytes", client.first_after(whole[:length]), INVALID_HEADER
            )
        checks.status("a READREG with two bytes too many", client.first_after(whole + b"xx"), INVALID_HEADER)
        for key in (0x00, 0x41, 0x43, 0xFF):
            checks.silent(f"the key {key:#04x}", client, bytes([key]) + whole[1:])
        for code in (READREG, WRITEREG, READMEM, WRITEMEM, DISCOVERY, FORCEIP, ACTION):
            lying = struct.pack(">BBHHH", KEY, 1, code, 0xFFF0, 78) + bytes(4)
            checks.status(
                f"{code:#06x} that says 65520 bytes and has 4", client.first_after(lying), INVALID_HEADER
            )
        for code in (
            0x0000,
            0x0001,
            0x0006,
            0x0081,
            0x008A,
            EVENT,
            EVENTDATA,
            0x0102,
            0x8004,
            0xFFFE,
            0xFFFF,
        ):
            checks.status(f"the command {code:#06x}", client.ask(code, bytes(8)), NOT_IMPLEMENTED)
            checks.silent(
                f"the command {code:#06x} without the acknowledge flag", client, command(code, flags=0)
            )
        checks.silent(
            "a READREG without the acknowledge flag", client, command(READREG, words(CCP), flags=0)
        )


def special_commands(checks: Checks) -> None:
    with Client(CAMERA) as client:
        mac = client.mac()
        checks.status("a FORCEIP of no length, one client's farewell", client.ask(FORCEIP), INVALID_PARAMETER)
        for size in (1, 8, 55, 57, 540):
            checks.status(f"a FORCEIP of {size} bytes", client.ask(FORCEIP, bytes(size)), INVALID_PARAMETER)
        other = bytes([mac[0] ^ 0xFF]) + mac[1:]
        checks.silent(
            "a FORCEIP for another MAC", client, command(FORCEIP, forceip_payload(other, "127.0.0.9"), 80)
        )
        checks.status("a DISCOVERY with a payload", client.ask(DISCOVERY, bytes(4)), INVALID_PARAMETER)
        for size in (0, 4, 11, 13):
            checks.status(f"an ACTION of {size} bytes", client.ask(ACTION, bytes(size)), INVALID_PARAMETER)
        checks.status(
            "a scheduled ACTION without its time",
            client.ask(ACTION, bytes(12), flags=0x81),
            INVALID_PARAMETER,
        )
        checks.silent("an ACTION for nobody", client, command(ACTION, bytes(12), 81))
        for size in (0, 1, 11, 12, 13, 20):
            for flags in (0x00, 0x01, 0x10, 0x11):
                checks.silent(
                    f"a PACKETRESEND of {size} bytes, flags {flags:#04x}, without a stream",
                    client,
                    command(PACKETRESEND, bytes(size), 82, flags),
                )
        checks.equal("the camera is where it was", client.read_one(0x0024), number_of_ip(CAMERA))


def garbage_on_every_port(checks: Checks) -> None:
    dice = random.Random(FUZZ_SEED)
    sizes = [0, 1, 7, 8, 9, 100, 548, 1472, 8972, 65507]
    junk = [dice.randbytes(size) for size in sizes] + [bytes(size) for size in sizes]
    with Session(CAMERA, CAMERA) as session, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        session.write(MCDA, number_of_ip(CAMERA))
        session.write(MCP, 9)
        for name, port in (("GVCP", PORT), ("SCSP", session.read(SCSP)), ("MCSP", session.read(MCSP))):
            checks.that(f"the port of {name} is known", port != 0)
            for datagram in junk * 5:
                sender.sendto(datagram, (CAMERA, port))
            checks.equal(f"the camera answers after garbage on {name}", session.read(CCP), 2)
        session.start()
        for datagram in junk * 5:
            sender.sendto(datagram, (CAMERA, session.read(SCSP)))
        checks.equal("it streams after and amid garbage", len(session.receiver.collect(3)), 3)
        session.write(MCP, 0)


def random_datagram(dice: random.Random) -> bytes:
    """Noise, noise behind a true header, or a command with a few bytes damaged; never a FORCEIP that fits."""
    kind = dice.randrange(3)
    if kind == 0:
        return dice.randbytes(dice.randrange(80))
    if kind == 1:
        codes = [
            DISCOVERY,
            READREG,
            WRITEREG,
            READMEM,
            WRITEMEM,
            PACKETRESEND,
            ACTION,
            EVENT,
            FORCEIP,
            dice.randrange(0x10000),
        ]
        return command(
            dice.choice(codes),
            dice.randbytes(dice.randrange(64)),
            dice.randrange(0x10000),
            dice.randrange(256),
        )
    near = dice.randrange(0, 0x0E00) if dice.randrange(2) else 0x0010_0000 + dice.randrange(0x8_0000)
    whole = bytearray(
        dice.choice(
            [
                command(READREG, words(near)),
                command(READMEM, memory(near, dice.randrange(600))),
                command(WRITEREG, words(near, dice.getrandbits(32))),
                command(WRITEMEM, words(near, dice.getrandbits(32), 0)),
                command(PACKETRESEND, dice.randbytes(12)),
            ]
        )
    )
    for _ in range(dice.randrange(3)):
        whole[dice.randrange(len(whole))] = dice.randrange(256)
    return bytes(whole[: dice.randrange(len(whole)) + 1])


def is_sound(ack, datagram_codes: set[int]) -> bool:
    right_code = (ack.code - 1) & 0xFFFF in datagram_codes
    return ack.status in KNOWN_STATUS and right_code and (ack.status == SUCCESS or len(ack.payload) in (0, 4))


def answers_until(client: Client, request_id: int) -> list:
    answers = []
    while True:
        ack = client.receive()
        if ack.request_id == request_id and ack.code == DISCOVERY + 1:
            return answers
        answers.append(ack)


def fuzz_as_another_client(checks: Checks) -> None:
    dice = random.Random(FUZZ_SEED)
    sound = answered = 0
    with Client(CAMERA) as client:
        before = client.read_memory(0, 0x214)
        for _ in range(0, FUZZ_DATAGRAMS, 20):
            batch = [random_datagram(dice) for _ in range(20)]
            for datagram in batch:
                client.send(datagram)
            client.send(command(DISCOVERY, request_id=0xFEED))
            codes = {struct.unpack_from(">H", d, 2)[0] for d in batch if len(d) >= 8}
            answers = answers_until(client, 0xFEED)
            answered += len(answers)
            sound += sum(is_sound(ack, codes) for ack in answers)
        checks.that(
            f"{FUZZ_DATAGRAMS} random datagrams get {answered} answers", answered > FUZZ_DATAGRAMS // 20
        )
        checks.equal("all of them sound", sound, answered)
        checks.equal("and nothing has changed", client.read_memory(0, 0x214), before)


def fuzz_as_the_owner(checks: Checks) -> None:
    """Random writes with control; addresses that say where the camera sends to stay out of it."""
    dice = random.Random(FUZZ_SEED + 1)
    left_out = {"TestPendingAck", "GevSCDA", "GevMCDA", "GevSCPHostPort", "GevMCPHostPort", "GevCCP"}
    rows = [
        row
        for name, row in features.table().items()
        if name not in left_out and row["access"] != "RO" and row["address"] > 0x100
    ]
    tally: dict[int, int] = {}
    with Client(CAMERA) as client:
        client.take_control()
        client.write((GVCP_CONFIGURATION, 1))
        for _ in range(2000):
            row = dice.choice(rows)
            value = dice.choice(
                [dice.getrandbits(32), dice.randrange(4), row.get("min", 0), row.get("max", 1), 528, 64]
            )
            kind = dice.choice([WRITEREG, WRITEMEM])
            ack = client.ask(kind, words(row["address"], int(value) & 0xFFFF_FFFF))
            tally[ack.status] = tally.get(ack.status, 0) + 1
        # A commit finds the queue of actions full, and is refused in the words of a client without extended status.
        wanted = {SUCCESS, INVALID_PARAMETER, WRITE_PROTECT, BAD_ALIGNMENT, ERROR}
        checks.that("2000 random writes succeed or are refused with reason", set(tally) <= wanted, tally)
        checks.that(
            "some of both", tally.get(SUCCESS, 0) > 100 and tally.get(INVALID_PARAMETER, 0) > 100, tally
        )
        width, height, payload = (features.fetch(client, name) for name in ("Width", "Height", "PayloadSize"))
        checks.that(
            "width, height and payload agree", payload >= width * height > 0, (width, height, payload)
        )
        client.ask(WRITEREG, words(features.address("AcquisitionStop"), 1))
        client.release_control()


def main() -> None:
    checks = Checks()
    with Camera() as camera:
        features.configure(CAMERA)
        for section in (
            reads,
            writes_without_control,
            writes,
            values_out_of_range,
            headers,
            special_commands,
            garbage_on_every_port,
            fuzz_as_another_client,
            fuzz_as_the_owner,
        ):
            checks.section(section)
            checks.that(f"the camera runs after {section.__name__}", camera.runs)
    checks.that("the camera ends cleanly", True)
    checks.finish()


if __name__ == "__main__":
    main()
