#!/usr/bin/env python3
"""What the camera tells by itself: each event as it stands on the wire, and how it gets through where packets are lost."""

from __future__ import annotations

import json
import struct
import time
import urllib.request
from collections.abc import Callable

import features
from camera import Camera
from checks import Checks
from description import Description, put
from session import Session
from wire import (
    EVENT,
    EVENTDATA,
    MCDA,
    MCP,
    MCRC,
    MCTT,
    Client,
    Event,
    EventReceiver,
    NoAnswer,
    number_of_ip,
    parse_events,
)

CAMERA, WORLD = "127.0.4.1", "127.0.4.1:18400"
NO_CHANNEL = 0xFFFF
BOUND_S = 30.0


class Listener(EventReceiver):
    """A client's message channel: it acknowledges what comes, save what it is told to lose."""

    def __init__(self, session: Session, timeout_ms: int = 2000, retries: int = 2) -> None:
        super().__init__(CAMERA)
        self.session = session
        self.datagrams: list[bytes] = []
        session.write(MCDA, number_of_ip(CAMERA))
        session.write(MCTT, timeout_ms)
        session.write(MCRC, retries)
        session.write(MCP, self.address[1])

    def __exit__(self, *_: object) -> None:
        self.session.write(MCP, 0)
        super().__exit__()

    def next(self, timeout_s: float = BOUND_S) -> list[Event]:
        datagram, sender = self.receive(timeout_s)
        self.datagrams.append(datagram)
        if datagram[1] & 1:
            self.acknowledge(datagram, sender)
        return parse_events(datagram)

    def until(self, enough: Callable[[list[Event]], bool]) -> list[Event]:
        events: list[Event] = []
        deadline = time.monotonic() + BOUND_S
        while not enough(events) and time.monotonic() < deadline:
            events += self.next()
        return events

    def falls_silent(self, quiet_s: float = 0.8) -> bool:
        try:
            self.receive(quiet_s)
        except NoAnswer:
            return True
        return False


class Events:
    """Switches events on and off, by the names and numbers of the camera's own description."""

    def __init__(self, session: Session) -> None:
        self.session = session
        with session.lock:
            self.description = Description.read_from(session.client)

    def put(self, name: str, value: float | str | bool = 1) -> None:
        with self.session.lock:
            put(self.session.client, self.description, name, value)

    def expose(self, time_us: float) -> None:
        if "ExposureAuto" in self.description:
            self.put("ExposureAuto", "Off")
        self.put("ExposureTime", time_us)

    def notify(self, *names: str) -> None:
        for entry in self.description.entries("EventSelector"):
            self.put("EventSelector", entry)
            self.put("EventNotification", "On" if entry in names else "Off")

    def id(self, name: str) -> int:
        """The number of an event, which its port in the description has."""
        register = self.description.register(f"Event{name}")
        assert register is not None
        return int(self.description.text(register.port, "EventID") or "0", 16)


def exposures(checks: Checks) -> None:
    with Session(CAMERA, CAMERA) as session, Listener(session) as listener:
        events = Events(session)
        events.expose(5000)
        events.notify("ExposureEnd")
        session.start()
        told = listener.until(lambda so_far: len(so_far) >= 8)
        blocks = session.receiver.collect(8)
        session.stop()
        checks.equal(
            "every exposure is told by its own event", {e.id for e in told}, {events.id("ExposureEnd")}
        )
        checks.equal(
            "with the frame's number, one after the other", [e.block for e in told[:8]], list(range(1, 9))
        )
        checks.equal("and the stream channel", {e.channel for e in told}, {0})
        later = [event.timestamp - block.leader.timestamp for event, block in zip(told, blocks)]
        checks.equal("exposure ends so long after the stamp of its frame", set(later), {5_000_000})
        checks.equal("as EVENT", {d[2:4] for d in listener.datagrams}, {struct.pack(">H", EVENT)})


def missed_triggers(checks: Checks) -> None:
    with Session(CAMERA, CAMERA) as session, Listener(session) as listener:
        events = Events(session)
        events.expose(2_000_000)
        events.put("TriggerMode", "On")
        events.notify("FrameTriggerMissed", "ExposureEnd")
        session.start()
        for _ in range(3):
            events.put("TriggerSoftware")
        told = listener.until(lambda so_far: any(e.id == events.id("ExposureEnd") for e in so_far))
        session.stop()
        missed = [e for e in told if e.id == events.id("FrameTriggerMissed")]
        checks.equal("triggers during an exposure are told as missed", len(missed), 2)
        checks.equal("they belong to no frame", {(e.channel, e.block) for e in missed}, {(NO_CHANNEL, 0)})
        checks.equal("and one frame is exposed", len(told) - len(missed), 1)
        checks.that("its end comes after them", told[-1].timestamp > missed[-1].timestamp)
        events.put("TriggerMode", "Off")
        events.expose(1000)


def line_edges(checks: Checks) -> None:
    """TRIGGER_IN from outside: each edge is told, at the nanosecond at which it was asked for."""
    with Session(CAMERA, CAMERA) as session, Listener(session) as listener:
        events = Events(session)
        rising, falling = events.id("Line1RisingEdge"), events.id("Line1FallingEdge")
        events.notify("Line1RisingEdge", "Line1FallingEdge")
        told_at = outside("POST", "/api/v1/camera/lines/trigger_in/train", {"period_us": 30_000, "width_us": 10_000, "count": 3})
        told = listener.until(lambda so_far: len(so_far) >= 6)
        checks.equal("every edge of three pulses is told", [e.id for e in told], [rising, falling] * 3)
        ms = 1_000_000
        wanted = [told_at["begin_ns"] + at * ms for at in (0, 10, 30, 40, 60, 70)]
        checks.equal("each with its time, to the nanosecond", [e.timestamp for e in told], wanted)
        checks.equal("and with no frame", {(e.channel, e.block) for e in told}, {(NO_CHANNEL, 0)})
        events.notify("Line1FallingEdge")
        outside("POST", "/api/v1/camera/lines/trigger_in/pulse", {"width_us": 100})
        checks.equal("where one kind is off only the other comes", [e.id for e in listener.next()], [falling])


def outside(method: str, path: str, body: object) -> dict:
    """What the world does to the camera's pins."""
    json_type = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://{WORLD}{path}", json.dumps(body).encode(), json_type, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def motors(checks: Checks) -> None:
    with Session(CAMERA, CAMERA) as session, Listener(session) as listener:
        events = Events(session)
        events.notify("FocusMoveCompleted", "ZoomMoveCompleted")
        for motor, place in (("Focus", 9321), ("Zoom", 123), ("Focus", 10000), ("Zoom", 0)):
            events.put(motor, place)
            (event,) = listener.next()
            name = f"{motor}MoveCompleted"
            register = events.description.register(f"Event{name}{motor}")
            assert register is not None
            checks.equal(f"{motor} = {place}: its arrival is told", event.id, events.id(name))
            data = listener.datagrams[-1][8:][register.address :][: register.size]
            checks.equal("where the description says, it says where", register.taken_from(data), place)
            checks.equal("as EVENTDATA", listener.datagrams[-1][2:4], struct.pack(">H", EVENTDATA))
        checks.that("what is acknowledged is not sent again", listener.falls_silent())


def losses(checks: Checks) -> None:
    """Acknowledges that are lost on their way, for events with data and without."""
    with Session(CAMERA, CAMERA) as session, Listener(session, timeout_ms=400, retries=3) as listener:
        events = Events(session)
        events.notify("Test", "FocusMoveCompleted")
        for name, act in (("Test", lambda: events.put("TestEventGenerate")), ("FocusMoveCompleted", None)):
            if act is None:
                events.put("Focus", 9900)
            else:
                act()
            sent = [listener.receive(BOUND_S)[0] for _ in range(2)]
            again = listener.next()
            checks.equal(f"{name}: two acknowledges are lost, so it comes three times", len({*sent}), 1)
            checks.equal(f"{name}: each time the same", listener.datagrams[-1], sent[0])
            checks.equal(f"{name}: one event for all that", [e.id for e in again], [events.id(name)])
            checks.that(f"{name}: the acknowledge that gets through ends it", listener.falls_silent())
        events.put("TestEventGenerate")
        lost = [listener.receive(BOUND_S)[0] for _ in range(4)]
        checks.equal("without any acknowledge it is sent 1 + MCRC times", len({*lost}), 1)
        checks.that("and then given up", listener.falls_silent())
        events.put("TestEventGenerate")
        checks.equal("the next event does not suffer from that", len(listener.next()), 1)
        events.put("Focus", 10000)
        listener.next()


def queue(checks: Checks) -> None:
    with Session(CAMERA, CAMERA) as session, Listener(session, timeout_ms=5000, retries=2) as listener:
        events = Events(session)
        events.notify("Test")
        for _ in range(5):
            events.put("TestEventGenerate")
        first, sender = listener.receive(BOUND_S)
        checks.that("while one event waits for its acknowledge no other is sent", listener.falls_silent())
        listener.acknowledge(first, sender)
        rest = listener.next()
        checks.equal("then those that wait travel together", [e.id for e in rest], [events.id("Test")] * 4)
        stamps = [e.timestamp for e in rest]
        checks.that("in the order of time", stamps == sorted(stamps) and len({*stamps}) > 1, stamps)
        events.notify()
        events.put("TestEventGenerate")
        checks.that("an event that is off is not sent", listener.falls_silent())
        events.notify("Test")
        session.write(MCP, 0)
        events.put("TestEventGenerate")
        checks.that("a closed channel sends nothing", listener.falls_silent())
        session.write(MCP, listener.address[1])
        checks.that("and what happened meanwhile is not told later", listener.falls_silent())
        events.put("TestEventGenerate")
        checks.equal("what happens from then on is", len(listener.next()), 1)


def junk(checks: Checks) -> None:
    """Datagrams at the channel's port that are no acknowledge."""
    with Session(CAMERA, CAMERA) as session, Listener(session, timeout_ms=500, retries=1) as listener:
        events = Events(session)
        events.notify("Test")
        events.put("TestEventGenerate")
        datagram, sender = listener.receive(BOUND_S)
        number = int.from_bytes(datagram[6:8], "big")
        other_number = struct.pack(">HHHH", 0, EVENT + 1, 0, number ^ 1)
        other_kind = struct.pack(">HHHH", 0, EVENTDATA + 1, 0, number)
        for wrong in (b"", bytes(8), other_number, other_kind):
            listener.socket.sendto(wrong, sender)
        checks.equal(
            "what is no acknowledge of it does not end an event", listener.receive(BOUND_S)[0], datagram
        )
        with Client(CAMERA) as other:
            checks.equal("and the camera answers as ever", len(other.discover()), 0xF8)


def main() -> None:
    checks = Checks()
    with Camera("--http", WORLD, address=CAMERA) as camera:
        features.configure(CAMERA)
        for section in (exposures, missed_triggers, line_edges, motors, losses, queue, junk):
            checks.section(section)
        checks.that("the camera still runs", camera.runs)
    checks.finish()


if __name__ == "__main__":
    main()
