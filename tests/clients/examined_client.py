#!/usr/bin/env python3
"""The project's own wire client as a command, to be examined: `gigemu examine -- examined_client.py`.

It takes control of the camera at GIGEMU_TEST_ADDRESS, streams until SIGTERM, says what it receives
(`gigemu-frame BLOCK_ID STATUS CRC32 BYTES`), and comes back after a lost link, a lost control channel or a new address.
With `--mistake NAME` it breaks one rule; the examination must find that.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import sys
import threading
import time
import zlib
from collections.abc import Callable

from assembly import Assembler
from description import Description, put
from wire import (
    CCP,
    CONTROL,
    CURRENT_IP,
    DO_NOT_FRAGMENT,
    FIRE_TEST_PACKET,
    GVCP_CONFIGURATION,
    HEARTBEAT,
    MCDA,
    MCP,
    MCRC,
    MCTT,
    PENDING_ACK,
    SCDA,
    SCP,
    SCPS,
    SERIAL,
    SUCCESS,
    Ack,
    Client,
    EventReceiver,
    Malformed,
    NoAnswer,
    Refused,
    command,
    discover_all,
    number_of_ip,
)
from wire_stream import IP_UDP_BYTES, StreamReceiver

MISTAKES = {
    "no_retry": "gives up after one lost acknowledge",
    "new_request_id_on_retry": "repeats a command under a new request id",
    "floods_retries": "repeats a command every millisecond",
    "takes_any_ack": "takes whatever acknowledge comes first",
    "ignores_pending": "repeats a command that is pending",
    "no_heartbeat": "sends no command while it streams",
    "writes_without_control": "goes on writing after control was lost",
    "keeps_size_without_test_packet": "uses a packet size whose test packet did not arrive",
    "forgets_event_ack": "does not acknowledge events",
    "keeps_old_payload_size": "cuts frames at the payload size of the first stream",
    "truncated_is_complete": "calls a block complete that has fewer bytes than its leader says",
    "missing_is_complete": "calls a block complete of which packets are missing",
    "waits_for_trailer": "takes no further block after one whose trailer is lost",
    "asks_resend_forever": "asks for a packet again without a limit",
    "asks_refused_again": "asks for packets again that were refused",
    "dropped_after_wrap": "drops blocks whose id is lower than that of the last one",
    "16_bit_ids": "sees 16 bits of a block id",
    "mixes_old_packets": "puts late packets of a block into the newest one",
    "counts_duplicates": "counts packets that come twice",
    "places_by_arrival": "puts packets in place as they arrive",
}
PACKET_SIZES = (8000, 4000, 1500, 1400, 1200, 576)
PENDING_AND_EXTENDED_STATUS = 0b110  # of GVCP_CONFIGURATION
TEST_PACKET_S, TEST_PACKETS = 0.15, 3
EVENT_TIMEOUT_MS, EVENT_RETRIES = 300, 2
LOST_S = 20.0  # without a camera for so long it gives up


class Control(Client):
    """Commands of one session, from several threads, one at a time."""

    def __init__(self, camera: str, mistakes: frozenset[str]) -> None:
        super().__init__(camera)
        self.lock = threading.RLock()
        self.mistakes = mistakes
        self.tries, self.retry_s = 6, 0.5
        if "no_retry" in mistakes:
            self.tries = 1
        if "floods_retries" in mistakes:
            self.tries, self.retry_s = 5000, 0.001

    def await_ack(self, request_id: int, timeout_s: float = 0.5) -> Ack:
        if "takes_any_ack" in self.mistakes:
            return self.receive(timeout_s)
        if "ignores_pending" in self.mistakes:
            deadline = time.monotonic() + timeout_s
            while (ack := self.receive(max(0.001, deadline - time.monotonic()))).code == PENDING_ACK:
                pass
            return ack
        return super().await_ack(request_id, timeout_s)

    def ask(self, code: int, payload: bytes = b"", flags: int = 1) -> Ack:
        with self.lock:
            request_id = self.next_id()
            for attempt in range(self.tries):
                if attempt and "new_request_id_on_retry" in self.mistakes:
                    request_id = self.next_id()
                self.send(command(code, payload, request_id, flags))
                with contextlib.suppress(NoAnswer):
                    ack = self.await_ack(request_id, self.retry_s)
                    if ack.code != code + 1:
                        raise Malformed(f"command {code:04x} was acknowledged by {ack.code:04x}")
                    return ack
            raise NoAnswer(f"no answer from {self.camera[0]}")


class Session:
    """Control, stream and message channel of one camera, from taking control to its loss."""

    def __init__(self, address: str, mistakes: frozenset[str], payload_size: int = 0) -> None:
        self.mistakes = mistakes
        self.lost = threading.Event()
        self._ends = threading.Event()
        self._threads: list[threading.Thread] = []
        with contextlib.ExitStack() as opened:
            self.control = opened.enter_context(Control(address, mistakes))
            self.own = own_address(address)
            self.receiver = opened.enter_context(StreamReceiver(self.own, address))
            self.events = opened.enter_context(EventReceiver(self.own))
            self.description = Description.read_from(self.control)
            self._sockets = opened.pop_all()
        try:
            self._open(payload_size)
        except BaseException:
            self.close()
            raise

    def _open(self, payload_size: int) -> None:
        self._take_control()
        self._open_stream()
        self._open_messages()
        self.put("TLParamsLocked", 1)
        self.payload_size = payload_size or self._read("PayloadSize")
        self.put("AcquisitionStart")

    def put(self, name: str, value: float | str = 1) -> None:
        put(self.control, self.description, name, value)

    def _read(self, name: str) -> int:
        register = self.description.register(name)
        assert register is not None
        return self.control.read_one(register.address)

    def _take_control(self) -> None:
        self.control.write((CCP, CONTROL))
        self.control.write((GVCP_CONFIGURATION, PENDING_AND_EXTENDED_STATUS))
        self._heartbeat_s = min(1.0, self.control.read_one(HEARTBEAT) / 4000)
        if "no_heartbeat" not in self.mistakes:
            self._start(self._keep_control)

    def _start(self, act: Callable[[], None]) -> None:
        thread = threading.Thread(target=act, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _keep_control(self) -> None:
        while not self._ends.wait(self._heartbeat_s):
            try:
                if self.control.read_one(CCP) & CONTROL:
                    continue
            except (NoAnswer, Refused, Malformed) as error:
                print(f"heartbeat: {error}", file=sys.stderr, flush=True)
            if "writes_without_control" not in self.mistakes:
                self.lost.set()
                return
            with contextlib.suppress(NoAnswer, Refused, Malformed):
                for _ in range(20):
                    with contextlib.suppress(Refused):
                        self.control.write((HEARTBEAT, 3000))

    def _open_stream(self) -> None:
        self.control.write((SCDA, number_of_ip(self.own)))
        self.control.write((SCP, self.receiver.port))
        self._negotiate()
        self.control.write((SCP, 0))
        self.receiver.drain(0.02)
        self.control.write((SCP, self.receiver.port))

    def _negotiate(self) -> None:
        """The largest size whose test packet arrives, or the smallest of all."""
        for size in PACKET_SIZES:
            if self._test_packet_arrives(size):
                break
        if "keeps_size_without_test_packet" in self.mistakes:
            size = PACKET_SIZES[0]
        self.control.write((SCPS, DO_NOT_FRAGMENT | size))

    def _test_packet_arrives(self, size: int) -> bool:
        for _ in range(TEST_PACKETS):
            self.control.write((SCPS, FIRE_TEST_PACKET | DO_NOT_FRAGMENT | size))
            deadline = time.monotonic() + TEST_PACKET_S
            while (left := deadline - time.monotonic()) > 0:
                packet = self.receiver.receive(left)
                if packet and packet.block == 0 and packet.udp_bytes == size - IP_UDP_BYTES:
                    return True
        return False

    def _open_messages(self) -> None:
        self.control.write((MCDA, number_of_ip(self.own)))
        self.control.write((MCTT, EVENT_TIMEOUT_MS), (MCRC, EVENT_RETRIES))
        self.control.write((MCP, self.events.address[1]))
        self._start(self._take_events)

    def _take_events(self) -> None:
        while not self._ends.is_set():
            with contextlib.suppress(NoAnswer, Malformed, OSError):
                if "forgets_event_ack" in self.mistakes:
                    self.events.receive(0.2)
                else:
                    self.events.take(0.2)

    def close(self) -> None:
        """Gives everything back that is still ours; what does not answer any more is left alone."""
        self._ends.set()
        if not self.lost.is_set():
            self.control.tries = 1
            with contextlib.suppress(NoAnswer, Refused, Malformed):
                self.put("AcquisitionStop")
                self.control.write((SCP, 0), (MCP, 0))
                self.put("TLParamsLocked", 0)
                self.control.write((CCP, 0))
        for thread in self._threads:
            thread.join()
        self._sockets.close()


def own_address(camera: str) -> str:
    """The address of the interface that leads to the camera."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((camera, 1))
        return probe.getsockname()[0]


def find(address: str, serial: bytes) -> str:
    """Where the camera with this serial number answers: at its last address, or wherever a broadcast finds it."""
    own = own_address(address)
    for target in (address, "255.255.255.255"):
        for ack in discover_all(target, own, 0.3):
            if ack.status == SUCCESS and (not serial or ack.payload[SERIAL : SERIAL + len(serial)] == serial):
                return socket.inet_ntoa(ack.payload[CURRENT_IP : CURRENT_IP + 4])
    raise NoAnswer("no camera answers discovery")


class Run:
    def __init__(self, options: argparse.Namespace) -> None:
        self.mistakes = frozenset(options.mistake)
        self.serial = os.environ.get("GIGEMU_TEST_SERIAL", "").encode()
        self.address = options.address
        self.frames_left, self.ends_at = options.frames, time.monotonic() + options.seconds
        self.stopped = threading.Event()
        self._payload_size = 0

    @property
    def over(self) -> bool:
        return self.stopped.is_set() or self.frames_left <= 0 or time.monotonic() > self.ends_at

    def go_on(self) -> int:
        """Sessions, one after another, until the end; 1 if the camera cannot be had for too long."""
        last_good = time.monotonic()
        while not self.over:
            try:
                self.address = find(self.address, self.serial)
                session = Session(self.address, self.mistakes, self._payload_size)
            except (NoAnswer, Refused, Malformed, OSError) as error:
                print(f"not connected: {error}", file=sys.stderr, flush=True)
                if time.monotonic() - last_good > LOST_S or self.mistakes & {"no_retry", "takes_any_ack"}:
                    return 1
                self.stopped.wait(0.5)
                continue
            if "keeps_old_payload_size" in self.mistakes:
                self._payload_size = session.payload_size
            self._receive(session)
            session.close()
            last_good = time.monotonic()
        return 0

    def _receive(self, session: Session) -> None:
        assembler = Assembler(session.receiver.ask_again, session.payload_size, self.mistakes)
        next_tick = 0.0
        while not self.over and not session.lost.is_set():
            with contextlib.suppress(Malformed):
                if packet := session.receiver.receive(0.01):
                    assembler.take(packet)
            if time.monotonic() < next_tick:
                continue
            next_tick = time.monotonic() + 0.005
            for frame in assembler.tick():
                print(f"gigemu-frame {frame.block} {frame.status} {zlib.crc32(frame.data):08x} {len(frame.data)}")
                self.frames_left -= 1
            sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default=os.environ.get("GIGEMU_TEST_ADDRESS", "127.0.0.1"))
    parser.add_argument("--frames", type=int, default=sys.maxsize, help="ends after so many")
    parser.add_argument("--seconds", type=float, default=1e9, help="ends after so long")
    parser.add_argument("--mistake", action="append", default=[], choices=MISTAKES, help="breaks a rule")
    run = Run(parser.parse_args())
    signal.signal(signal.SIGTERM, lambda *_: run.stopped.set())
    sys.exit(run.go_on())


if __name__ == "__main__":
    main()
