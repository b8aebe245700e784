"""The control side of GigE Vision on plain sockets: a client that shares no code with the camera.

It believes nothing: an acknowledge that is not well-formed raises `Malformed`, one that refuses `Refused`.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import struct
import time
from dataclasses import dataclass

PORT = 3956
KEY = 0x42
ACKNOWLEDGE = 0x01
EXTENDED = 0x10
BROADCAST_ACK = 0x10

DISCOVERY, FORCEIP, PACKETRESEND = 0x0002, 0x0004, 0x0040
READREG, WRITEREG, READMEM, WRITEMEM = 0x0080, 0x0082, 0x0084, 0x0086
PENDING_ACK, EVENT, EVENTDATA, ACTION = 0x0089, 0x00C0, 0x00C2, 0x0100

SUCCESS, NOT_IMPLEMENTED, INVALID_PARAMETER, INVALID_ADDRESS = 0x0000, 0x8001, 0x8002, 0x8003
WRITE_PROTECT, BAD_ALIGNMENT, ACCESS_DENIED, INVALID_HEADER = 0x8004, 0x8005, 0x8006, 0x800E
ERROR = 0x8FFF

MAC_HIGH, MAC_LOW, IP_CONFIGURATION = 0x0008, 0x000C, 0x0014
CURRENT_IP, CURRENT_MASK = 0x0024, 0x0034
VENDOR, MODEL, SERIAL, USER_NAME, XML_URL = 0x0048, 0x0068, 0x00D8, 0x00E8, 0x0200
PERSISTENT_IP, PERSISTENT_MASK, PERSISTENT_GATEWAY = 0x064C, 0x065C, 0x066C
HEARTBEAT, DISCOVERY_DELAY, GVCP_CONFIGURATION, SWITCHOVER_KEY = 0x0938, 0x0950, 0x0954, 0x095C
PENDING_TIMEOUT, GVSP_CONFIGURATION = 0x0958, 0x0960
CCP, OWNER_PORT, OWNER_IP = 0x0A00, 0x0A04, 0x0A14
MCP, MCDA, MCTT, MCRC, MCSP = 0x0B00, 0x0B10, 0x0B14, 0x0B18, 0x0B1C
SCP, SCPS, SCPD, SCDA, SCSP, SCCFG = 0x0D00, 0x0D04, 0x0D08, 0x0D18, 0x0D1C, 0x0D24

FIRE_TEST_PACKET, DO_NOT_FRAGMENT = 1 << 31, 1 << 30
EXCLUSIVE, CONTROL, SWITCHOVER = 1, 2, 6
DISCOVERY_BYTES = 0xF8
TIMEOUT_S = 5.0  # Bounds a hang; no check depends on it.
TRIES, RETRY_S = 10, 0.5


class Malformed(Exception):
    """The camera sent what no camera may send."""


class NoAnswer(Exception):
    """Nothing came within the bound."""


class Refused(Exception):
    """An acknowledge with an error status."""

    def __init__(self, ack: Ack) -> None:
        super().__init__(f"status {ack.status:04x}")
        self.status = ack.status
        self.payload = ack.payload


@dataclass(frozen=True)
class Ack:
    status: int
    code: int
    request_id: int
    payload: bytes
    sender: tuple[str, int]
    raw: bytes


def number_of_ip(dotted: str) -> int:
    return struct.unpack(">I", socket.inet_aton(dotted))[0]


def ip_of_number(number: int) -> str:
    return socket.inet_ntoa(struct.pack(">I", number))


def command(code: int, payload: bytes = b"", request_id: int = 1, flags: int = ACKNOWLEDGE) -> bytes:
    """A command with a true header; whoever needs a false one builds it by hand."""
    return struct.pack(">BBHHH", KEY, flags, code, len(payload), request_id) + payload


def parse_ack(raw: bytes, sender: tuple[str, int]) -> Ack:
    if len(raw) < 8:
        raise Malformed(f"an acknowledge of {len(raw)} bytes")
    status, code, length, request_id = struct.unpack_from(">HHHH", raw)
    if length != len(raw) - 8:
        raise Malformed(f"an acknowledge says {length} bytes and has {len(raw) - 8}")
    return Ack(status, code, request_id, raw[8:], sender, raw)


def forceip_payload(
    mac: bytes, ip: str = "0.0.0.0", mask: str = "0.0.0.0", gateway: str = "0.0.0.0"
) -> bytes:
    payload = bytearray(56)
    payload[2:8] = mac
    payload[20:24] = socket.inet_aton(ip)
    payload[36:40] = socket.inet_aton(mask)
    payload[52:56] = socket.inet_aton(gateway)
    return bytes(payload)


def resend_command(block: int, first: int, last: int, extended: bool = False, channel: int = 0) -> bytes:
    if extended:
        payload = struct.pack(">HHIIQ", channel, 0, first, last & 0xFFFFFFFF, block)
        return command(PACKETRESEND, payload, flags=EXTENDED)
    return command(PACKETRESEND, struct.pack(">HHII", channel, block, first, last & 0xFFFFFF), flags=0)


class Client:
    """One socket that speaks to one camera."""

    def __init__(self, camera: str, own: str = "", port: int = 0) -> None:
        self.camera = (camera, PORT)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self.socket.bind((own, port))
        self._ids = itertools.cycle(range(1, 0x10000))
        self.pending_acks: list[int] = []
        self.holds_control = False

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        with self.socket, contextlib.suppress(NoAnswer, Refused):
            if self.holds_control:  # A check failed half-way; the next one begins anew.
                self.release_control()

    @property
    def port(self) -> int:
        return self.socket.getsockname()[1]

    def next_id(self) -> int:
        return next(self._ids)

    def send(self, datagram: bytes) -> None:
        self.socket.sendto(datagram, self.camera)

    def receive(self, timeout_s: float = TIMEOUT_S) -> Ack:
        self.socket.settimeout(timeout_s)
        try:
            return parse_ack(*self.socket.recvfrom(65536))
        except (TimeoutError, BlockingIOError):
            raise NoAnswer(f"no answer from {self.camera[0]}") from None

    def await_ack(self, request_id: int, timeout_s: float = TIMEOUT_S) -> Ack:
        """The final acknowledge of a request; each pending one prolongs the wait by what it says."""
        deadline = time.monotonic() + timeout_s
        while True:
            ack = self.receive(max(0.001, deadline - time.monotonic()))
            if ack.request_id != request_id:
                continue  # It belongs to a request that was answered twice, because it was sent twice.
            if ack.code != PENDING_ACK:
                return ack
            milliseconds = struct.unpack(">HH", ack.payload)[1]
            self.pending_acks.append(milliseconds)
            deadline = time.monotonic() + milliseconds / 1000 + timeout_s

    def ask(self, code: int, payload: bytes = b"", flags: int = ACKNOWLEDGE) -> Ack:
        """Sends a command, again if need be, and returns its acknowledge, whatever its status."""
        request_id = self.next_id()
        for _ in range(TRIES):
            self.send(command(code, payload, request_id, flags))
            with contextlib.suppress(NoAnswer):
                ack = self.await_ack(request_id, RETRY_S)
                break
        else:
            raise NoAnswer(f"no answer from {self.camera[0]}")
        if ack.code != (code + 1) & 0xFFFF:
            raise Malformed(f"command {code:04x} was acknowledged by {ack.code:04x}")
        return ack

    def demand(self, code: int, payload: bytes = b"") -> Ack:
        ack = self.ask(code, payload)
        if ack.status != SUCCESS:
            raise Refused(ack)
        return ack

    def first_after(self, datagram: bytes) -> Ack | None:
        """The answer to this datagram; None if nothing comes before the answer to a question behind it."""
        request_id = self.next_id()
        self.send(datagram)
        self.send(command(DISCOVERY, request_id=request_id))
        ack = self.receive()
        if ack.code == DISCOVERY + 1 and ack.request_id == request_id:
            return None
        self.await_ack(request_id)
        return ack

    def discover(self) -> bytes:
        ack = self.demand(DISCOVERY)
        if len(ack.payload) != DISCOVERY_BYTES:
            raise Malformed(f"a discovery acknowledge of {len(ack.payload)} bytes")
        return ack.payload

    def read(self, *addresses: int) -> list[int]:
        ack = self.demand(READREG, struct.pack(f">{len(addresses)}I", *addresses))
        if len(ack.payload) != 4 * len(addresses):
            raise Malformed(f"{len(addresses)} registers in {len(ack.payload)} bytes")
        return list(struct.unpack(f">{len(addresses)}I", ack.payload))

    def read_one(self, address: int) -> int:
        return self.read(address)[0]

    def write(self, *pairs: tuple[int, int]) -> None:
        """Writes registers; the acknowledge must say that all of them were written."""
        payload = b"".join(struct.pack(">II", address, value & 0xFFFFFFFF) for address, value in pairs)
        ack = self.demand(WRITEREG, payload)
        if ack.payload != struct.pack(">HH", 0, len(pairs)):
            raise Malformed(f"the acknowledge of {len(pairs)} writes says {ack.payload.hex()}")

    def read_memory(self, address: int, count: int) -> bytes:
        ack = self.demand(READMEM, struct.pack(">IHH", address, 0, count))
        if len(ack.payload) != 4 + count or ack.payload[:4] != struct.pack(">I", address):
            raise Malformed(f"{count} bytes from {address:x} came as {ack.payload[:8].hex()}...")
        return ack.payload[4:]

    def write_memory(self, address: int, content: bytes) -> None:
        ack = self.demand(WRITEMEM, struct.pack(">I", address) + content)
        if ack.payload != struct.pack(">HH", 0, len(content)):
            raise Malformed(f"the acknowledge of {len(content)} bytes says {ack.payload.hex()}")

    def read_text(self, address: int, count: int) -> str:
        return self.read_memory(address, count).split(b"\0")[0].decode()

    def read_long(self, address: int, count: int, step: int = 512) -> bytes:
        """Any number of bytes, piece by piece; the last piece is rounded up to four."""
        content = b""
        while len(content) < count:
            size = min(step, (count - len(content) + 3) // 4 * 4)
            content += self.read_memory(address + len(content), size)
        return content[:count]

    def mac(self) -> bytes:
        return self.read_memory(MAC_HIGH, 8)[2:]

    def take_control(self, privilege: int = CONTROL) -> None:
        self.write((CCP, privilege))
        self.holds_control = True

    def release_control(self) -> None:
        self.write((CCP, 0))
        self.holds_control = False

    def force_ip(
        self, mac: bytes, ip: str = "0.0.0.0", mask: str = "255.0.0.0", flags: int = ACKNOWLEDGE
    ) -> None:
        self.send(command(FORCEIP, forceip_payload(mac, ip, mask), self.next_id(), flags))


def discover_all(target: str, own: str, seconds: float, flags: int = ACKNOWLEDGE) -> list[Ack]:
    """Everybody who answers within that time a discovery sent from `own`, by broadcast or not."""
    with Client(target, own) as client:
        client.send(command(DISCOVERY, request_id=0xFFFF, flags=flags))
        found: list[Ack] = []
        deadline = time.monotonic() + seconds
        with contextlib.suppress(NoAnswer):
            while (left := deadline - time.monotonic()) > 0:
                found.append(client.receive(left))
        return found


@dataclass(frozen=True)
class Event:
    id: int
    channel: int
    block: int
    timestamp: int
    data: bytes = b""


class EventReceiver:
    """The host's end of the message channel."""

    def __init__(self, own: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((own, 0))

    def __enter__(self) -> EventReceiver:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    @property
    def address(self) -> tuple[str, int]:
        return self.socket.getsockname()

    def receive(self, timeout_s: float = TIMEOUT_S) -> tuple[bytes, tuple[str, int]]:
        self.socket.settimeout(timeout_s)
        try:
            return self.socket.recvfrom(2048)
        except (TimeoutError, BlockingIOError):
            raise NoAnswer("no event") from None

    def acknowledge(self, datagram: bytes, sender: tuple[str, int]) -> None:
        code, request_id = struct.unpack_from(">H", datagram, 2)[0], request_id_of(datagram)
        self.socket.sendto(struct.pack(">HHHH", 0, code + 1, 0, request_id), sender)

    def take(self, timeout_s: float = TIMEOUT_S) -> list[Event]:
        """The events of the next message, acknowledged if that is asked for."""
        datagram, sender = self.receive(timeout_s)
        events = parse_events(datagram)
        if datagram[1] & ACKNOWLEDGE:
            self.acknowledge(datagram, sender)
        return events


def request_id_of(datagram: bytes) -> int:
    return struct.unpack_from(">H", datagram, 6)[0]


def parse_events(datagram: bytes) -> list[Event]:
    """The items of an EVENT, or the one of an EVENTDATA with what it carries."""
    key, _, code, length, request_id = struct.unpack_from(">BBHHH", datagram)
    fits = length == len(datagram) - 8 and (code == EVENTDATA and length > 16 or code == EVENT and length % 16 == 0)
    if key != KEY or request_id == 0 or not fits or not length:
        raise Malformed(f"this is no event message: {datagram.hex()}")
    size = 16 if code == EVENT else length
    return [parse_event(datagram[at : at + size]) for at in range(8, len(datagram), size)]


def parse_event(item: bytes) -> Event:
    _, id, channel, block, timestamp = struct.unpack_from(">HHHHQ", item)
    return Event(id, channel, block, timestamp, item[16:])
