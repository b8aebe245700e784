"""The stream side of GigE Vision on a plain socket: packets apart, blocks together, gaps asked for again."""

from __future__ import annotations

import select
import socket
import struct
import time
from dataclasses import dataclass, field

from wire import PORT, Malformed, NoAnswer, resend_command

LEADER, TRAILER, PAYLOAD, ALL_IN = 1, 2, 3, 4
IMAGE, IMAGE_WITH_CHUNKS = 0x0001, 0x4001
IP_UDP_BYTES = 28
RESENT_STATUS = 0x0100
PACKET_UNAVAILABLE = 0x800C
PACKET_NOT_YET_AVAILABLE = 0x8010
PACKET_REMOVED = 0x8012
SO_TIMESTAMPNS = 35
RECEIVE_BUFFER_BYTES = 4 << 20


@dataclass(frozen=True)
class Packet:
    status: int
    flags: int  # of the extended header; 0 in the standard one
    block: int
    format: int
    id: int
    extended: bool
    body: bytes
    udp_bytes: int
    sender: tuple[str, int]
    stamp_ns: int = 0


@dataclass(frozen=True)
class Leader:
    payload_type: int
    timestamp: int
    pixel_format: int
    size_x: int
    size_y: int
    offset_x: int
    offset_y: int
    padding_x: int
    padding_y: int


def parse_packet(raw: bytes, sender: tuple[str, int] = ("", 0), stamp_ns: int = 0) -> Packet:
    if len(raw) < 8:
        raise Malformed(f"a stream packet of {len(raw)} bytes")
    status, block, format_byte, high, low = struct.unpack_from(">HHBBH", raw)
    if not format_byte & 0x80:
        packet_id = high << 16 | low
        return Packet(
            status, 0, block, format_byte & 0x7F, packet_id, False, raw[8:], len(raw), sender, stamp_ns
        )
    if len(raw) < 20:
        raise Malformed(f"a stream packet with long ids of {len(raw)} bytes")
    block64, packet_id = struct.unpack_from(">QI", raw, 8)
    return Packet(
        status, block, block64, format_byte & 0x7F, packet_id, True, raw[20:], len(raw), sender, stamp_ns
    )


def parse_leader(body: bytes) -> Leader:
    if len(body) != 36:
        raise Malformed(f"an image leader of {len(body)} bytes")
    _, payload_type, timestamp, *rest = struct.unpack(">HHQIIIIIHH", body)
    return Leader(payload_type, timestamp, *rest)


def lfsr_bytes(count: int) -> bytes:
    """The standard's pseudo-random test data, one word of the register after the other."""
    word, words = 0xFFFF, []
    for _ in range((count + 1) // 2):
        words.append(word)
        word = word >> 1 ^ (0x8016 if word & 1 else 0)
    return struct.pack(f">{len(words)}H", *words)[:count]


@dataclass
class Block:
    """What is known of one block."""

    id: int
    packets: dict[int, Packet] = field(default_factory=dict)
    trailer_id: int | None = None
    touched: float = 0.0
    resent: int = 0

    def add(self, packet: Packet) -> None:
        self.packets.setdefault(packet.id, packet)
        self.touched = time.monotonic()
        if packet.format == TRAILER:
            self.trailer_id = packet.id

    @property
    def complete(self) -> bool:
        return self.trailer_id is not None and len(self.packets) == self.trailer_id + 1

    @property
    def last_seen(self) -> int:
        return max(self.packets, default=-1)

    def missing(self) -> list[int]:
        """Packets that were skipped; what may follow the last one seen is not known without the trailer."""
        return [i for i in range(self.last_seen) if i not in self.packets]

    @property
    def leader(self) -> Leader:
        return parse_leader(self.packets[0].body)

    @property
    def trailer(self) -> tuple[int, int]:
        """Payload type and size_y."""
        body = self.packets[self.trailer_id or 0].body
        if len(body) != 8:
            raise Malformed(f"an image trailer of {len(body)} bytes")
        return struct.unpack(">HHI", body)[1:]

    @property
    def chunks(self) -> dict[int, bytes]:
        """What a payload with chunks holds: it is read from its end, tag by tag, and must be covered."""
        body = self.packets[self.trailer_id or 0].body
        payload_type, length = struct.unpack_from(">2xHxxxxI", body)
        if len(body) != 16 or payload_type != IMAGE_WITH_CHUNKS or length != len(self.data):
            raise Malformed(f"a trailer {body.hex()} of a payload of {len(self.data)} bytes")
        found, end = {}, length
        while end > 0:
            chunk_id, size = struct.unpack_from(">II", self.data, end - 8)
            found[chunk_id] = self.data[end - 8 - size : end - 8]
            end -= 8 + size
        if end:
            raise Malformed("the chunks do not cover the payload")
        return found

    @property
    def data(self) -> bytes:
        return b"".join(self.packets[i].body for i in range(1, self.trailer_id or 0))

    def payload_packets(self) -> list[Packet]:
        return [self.packets[i] for i in range(1, self.trailer_id or 0)]


class StreamReceiver:
    """The host's end of a stream channel."""

    def __init__(self, own: str, camera: str, group: str = "", port: int = 0, shared: bool = False) -> None:
        self.camera = (camera, PORT)
        self.blocks: dict[int, Block] = {}
        self.refusals: list[Packet] = []
        self.resends_asked = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        if shared:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((group or own, port))
        if group:
            member = socket.inet_aton(group) + socket.inet_aton(own)
            self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)

    def __enter__(self) -> StreamReceiver:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    @property
    def port(self) -> int:
        return self.socket.getsockname()[1]

    def receive(self, timeout_s: float) -> Packet | None:
        """The next packet, or None if none comes."""
        if not select.select([self.socket], [], [], timeout_s)[0]:
            return None
        raw, ancillary, _, sender = self.socket.recvmsg(65536, 64)
        stamp_ns = 0
        for _, kind, content in ancillary:
            if kind == SO_TIMESTAMPNS:
                seconds, nanoseconds = struct.unpack("qq", content[:16])
                stamp_ns = seconds * 1_000_000_000 + nanoseconds
        return parse_packet(raw, sender, stamp_ns)

    def await_packet(self, timeout_s: float = 5.0) -> Packet:
        packet = self.receive(timeout_s)
        if packet is None:
            raise NoAnswer("no stream packet")
        return packet

    def drain(self, quiet_s: float = 0.0) -> int:
        """Throws away what has come, until nothing comes for so long; counts it."""
        count = 0
        while count < 1_000_000 and self.receive(quiet_s) is not None:
            count += 1
        return count

    def fell_silent(self, quiet_s: float, timeout_s: float) -> bool:
        """Whether within the bound there is a pause of this length."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self.receive(quiet_s) is None:
                return True
        return False

    def ask_again(self, block: int, first: int, last: int, extended: bool) -> None:
        self.resends_asked += 1
        self.socket.sendto(resend_command(block, first, last, extended), self.camera)

    def _accept(self, packet: Packet) -> None:
        if packet.status & 0x8000:
            self.refusals.append(packet)
            return
        block = self.blocks.setdefault(packet.block, Block(packet.block))
        if packet.status == RESENT_STATUS or packet.flags & 1:
            block.resent += packet.id not in block.packets
        block.add(packet)

    def _stands_still(self, block: Block, newest: int) -> bool:
        """A later block overtakes an incomplete one at once; the newest may only be slow."""
        patience_s = 0.3 if block.id == newest and block.trailer_id is None else 0.02
        return time.monotonic() - block.touched > patience_s

    def _repair(self, extended: bool) -> None:
        newest = max(self.blocks)
        for block in self.blocks.values():
            if block.complete or not self._stands_still(block, newest):
                continue
            if block.trailer_id is None:
                self.ask_again(block.id, block.last_seen + 1, 0xFFFFFFFF, extended)
            for packet_id in block.missing():
                self.ask_again(block.id, packet_id, packet_id, extended)
            block.touched = time.monotonic()

    def collect(
        self, count: int, first: int = 1, timeout_s: float = 20.0, repair: bool = True
    ) -> list[Block]:
        """Complete blocks `first` to `first + count - 1`; what is lost is asked for again."""
        deadline = time.monotonic() + timeout_s
        wanted = range(first, first + count)
        extended = False
        while not all(i in self.blocks and self.blocks[i].complete for i in wanted):
            packet = self.receive(0.02)
            if packet is not None:
                extended = packet.extended
                self._accept(packet)
            if repair and self.blocks:
                self._miss_blocks(wanted)
                self._repair(extended)
            if time.monotonic() > deadline:
                raise NoAnswer(f"of blocks {wanted}: {self.state(wanted)}")
        return [self.blocks[i] for i in wanted]

    def _miss_blocks(self, wanted: range) -> None:
        """A block of which nothing came is noticed by its successor."""
        newest = max(self.blocks)
        for block_id in wanted:
            if block_id < newest:
                self.blocks.setdefault(block_id, Block(block_id))

    def state(self, wanted: range) -> str:
        return ", ".join(
            f"{i}: {len(b.packets)} packets, trailer {b.trailer_id}"
            if (b := self.blocks.get(i))
            else f"{i}: nothing"
            for i in wanted
        )
