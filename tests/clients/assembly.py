"""Blocks of a stream out of its packets, as a correct client puts them together: packets in place by their id, gaps
asked for again with a limit, and nothing called complete that is not.

`mistakes` names rules that are broken on purpose, for the tests of the examination.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from wire import Malformed
from wire_stream import (
    IMAGE,
    IMAGE_WITH_CHUNKS,
    LEADER,
    PACKET_NOT_YET_AVAILABLE,
    PAYLOAD,
    TRAILER,
    Block,
    Leader,
    Packet,
)

TEMPORARILY_UNAVAILABLE = 0x8014
COME_LATER = (PACKET_NOT_YET_AVAILABLE, TEMPORARILY_UNAVAILABLE)
OPEN_BLOCKS, REMEMBERED = 8, 64
TAIL = -1  # stands for all packets behind the last one seen
REQUESTS = 5  # for one packet
OVERTAKEN_S, SLOW_S, ANSWER_S = 0.02, 0.25, 0.06
TO_THE_END = 0xFFFFFFFF
LEAST_PER_PACKET = 576 - 48  # bytes of payload: the smallest packet with the longest headers

Ask = Callable[[int, int, int, bool], None]


@dataclass(frozen=True)
class Frame:
    block: int
    status: str
    data: bytes


@dataclass
class OpenBlock(Block):
    extended: bool = False
    received: int = 0  # with duplicates
    asked: dict[int, int] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)

    def gaps(self) -> list[int]:
        return self.missing() + ([TAIL] if self.trailer_id is None else [])


def image_size(leader: Leader) -> int:
    bits = leader.pixel_format >> 16 & 0xFF
    return ((leader.size_x * bits + 7) // 8 + leader.padding_x) * leader.size_y + leader.padding_y


def judge(block: Block) -> str:
    """What a block is whose packets are all there."""
    try:
        leader = block.leader
        if leader.payload_type == IMAGE_WITH_CHUNKS:
            sizes = [len(content) for content in block.chunks.values()]
            return "complete" if image_size(leader) in sizes else "wrong_size"
        if leader.payload_type != IMAGE:
            return "unknown_payload"
        right = len(block.data) == image_size(leader) and block.trailer == (IMAGE, leader.size_y)
        return "complete" if right else "wrong_size"
    except Malformed:
        return "malformed"


class Assembler:
    def __init__(self, ask: Ask, payload_size: int, mistakes: frozenset[str] = frozenset()) -> None:
        self.blocks: dict[int, OpenBlock] = {}
        self._finished: deque[int] = deque(maxlen=REMEMBERED)
        self._done: list[Frame] = []
        self._ask, self._payload_size, self._mistakes = ask, payload_size, mistakes
        self._last_id = payload_size // LEAST_PER_PACKET + 2
        self._buffer = bytes(payload_size)

    def take(self, packet: Packet) -> None:
        number = packet.block & 0xFFFF if "16_bit_ids" in self._mistakes else packet.block
        if number == 0 or packet.format not in (LEADER, PAYLOAD, TRAILER) or packet.id > self._last_id:
            return
        if self._is_late(number):
            return
        if packet.status & 0x8000:
            self._refuse(number, packet)
            return
        if "mixes_old_packets" in self._mistakes and self.blocks and packet.format == PAYLOAD:
            number = next(reversed(self.blocks))
        if "waits_for_trailer" in self._mistakes and any(one != number for one in self.blocks):
            return
        block = self.blocks.get(number) or self._begin(number, packet.extended)
        block.received += 1
        if "places_by_arrival" in self._mistakes and packet.format == PAYLOAD:
            packet = Packet(**(packet.__dict__ | {"id": block.received - 1}))
        block.add(packet)
        if self._is_complete(block):
            self._finish(block, judge(block) if block.complete else "complete")

    def _begin(self, number: int, extended: bool) -> OpenBlock:
        while len(self.blocks) >= OPEN_BLOCKS:
            self._finish(next(iter(self.blocks.values())), "missing_packets")
        self.blocks[number] = OpenBlock(number, extended=extended)
        return self.blocks[number]

    def _is_late(self, number: int) -> bool:
        if "mixes_old_packets" in self._mistakes:
            return False
        if "dropped_after_wrap" in self._mistakes:
            return bool(self._finished) and number <= self._finished[-1]
        return number in self._finished

    def _is_complete(self, block: OpenBlock) -> bool:
        if "counts_duplicates" in self._mistakes:
            return block.trailer_id is not None and block.received > block.trailer_id
        return block.complete

    def _refuse(self, number: int, packet: Packet) -> None:
        block = self.blocks.get(number)
        if block is None or packet.status in COME_LATER or "asks_refused_again" in self._mistakes:
            return
        block.refused.add(packet.id if packet.id <= block.last_seen or block.trailer_id is not None else TAIL)

    def tick(self) -> list[Frame]:
        """Asks for what is missing, gives up what does not come, and returns the blocks that are finished."""
        now = time.monotonic()
        newest = next(reversed(self.blocks), 0)
        for block in list(self.blocks.values()):
            overtaken = block.id != newest or block.trailer_id is not None
            patience_s = ANSWER_S if block.asked else OVERTAKEN_S if overtaken else SLOW_S
            if now - block.touched > patience_s:
                self._repair(block)
        done, self._done = self._done, []
        return done

    def _repair(self, block: OpenBlock) -> None:
        forever = {"asks_resend_forever", "asks_refused_again"} & self._mistakes
        wanted = [
            gap for gap in block.gaps() if gap not in block.refused and (forever or block.asked.get(gap, 0) < REQUESTS)
        ]
        if not wanted:
            if "waits_for_trailer" not in self._mistakes:
                self._finish(block, "missing_packets")
            return
        for first, last in ranges(wanted):
            self._ask(block.id, first if first != TAIL else block.last_seen + 1, last, block.extended)
        for gap in wanted:
            block.asked[gap] = block.asked.get(gap, 0) + 1
        block.touched = time.monotonic()

    def _finish(self, block: OpenBlock, status: str) -> None:
        del self.blocks[block.id]
        self._finished.append(block.id)
        last = block.trailer_id if block.trailer_id is not None else block.last_seen + 1
        data = b"".join(block.packets[i].body for i in range(1, last) if i in block.packets)
        if "keeps_old_payload_size" in self._mistakes:
            data = data[: self._payload_size]
        claimed = {"missing_packets": "missing_is_complete", "wrong_size": "truncated_is_complete"}.get(status)
        if claimed in self._mistakes:
            # What did not come is in the buffer of a frame before.
            status, data = "complete", data + self._buffer[len(data) :]
        if status == "complete":
            self._buffer = data
        self._done.append(Frame(block.id, status, data))


def ranges(wanted: list[int]) -> list[tuple[int, int]]:
    """First and last of each run of ids; a request for the tail goes to the end."""
    runs: list[tuple[int, int]] = []
    for one in wanted:
        if one == TAIL:
            runs.append((TAIL, TO_THE_END))
        elif runs and runs[-1][1] == one - 1:
            runs[-1] = (runs[-1][0], one)
        else:
            runs.append((one, one))
    return runs
