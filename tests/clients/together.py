#!/usr/bin/python3
"""Two cameras, one network, one clock: an action that is scheduled for both begins both exposures at its time, and
both pictures show the same part of the conveyor in the same place.

Nothing here depends on how fast this machine is: what is compared are the cameras' own times.
"""

from __future__ import annotations

import contextlib
import json
import struct
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator

import features
import netns
from camera import Camera
from checks import SKIPPED, Checks
from session import Session
from wire import ACTION, MCDA, MCP, MCTT, Client, EventReceiver, NoAnswer, command, number_of_ip
from wire_stream import Block

try:
    import cv2
    import numpy
except ImportError as reason:
    print(f"skip  together.py: {reason} (python3-opencv)")
    sys.exit(SKIPPED)

WIDTH, HEIGHT, EXPOSURE_US, WORLD_PORT = 1024, 512, 1000, 18480
# Only the identity, what is random and the oscillators differ.
CONFIGS = {
    "left": {
        "serial": "39265001",
        "seed": 1,
        "oscillator": {"drift_ppm": 30, "wander_ppb": 10, "seed": 1, "offset_ns": 1_800_000_000_000_000_000},
    },
    "right": {
        "serial": "39265002",
        "seed": 2,
        "oscillator": {"drift_ppm": -20, "wander_ppb": 10, "seed": 2},
    },
}
SETTINGS = {
    "ExposureAuto": "Off",
    "GainAuto": "Off",
    "BalanceWhiteAuto": "Off",
    "Width": WIDTH,
    "Height": HEIGHT,
    "ExposureTime": EXPOSURE_US,
    "TriggerMode": "On",
    "TriggerSource": "Action0",
    "IMXLowLatencyTriggerMode": True,
}
KEYS = {"ActionDeviceKey": 0x5150, "ActionGroupKey": 7, "ActionGroupMask": 1}
TIMESTAMP_CONTROL, LATCHED, LATCH = 0x0944, 0x0948, 2
ACTIONS, SPACING_NS, INTERVAL_US = 6, 250_000_000, 300_000
BOUND_S = 90.0
# A clock that is stepped skips nothing, one that is steered a nanosecond at most.
STEER_NS = 1
# Of the belt, 0.2 m/s at about 850 pixels a second: one pixel is more than a millisecond.
SAME_PLACE_PX = 0.25


class Seat:
    """One camera with its client: a stream, events, and its clock."""

    def __init__(self, address: str, own: str, stack: contextlib.ExitStack) -> None:
        self.world = f"{address}:{WORLD_PORT}"
        self.session = stack.enter_context(Session(address, own))
        self.events = stack.enter_context(EventReceiver(own))
        self.session.write(MCDA, number_of_ip(own))
        self.session.write(MCTT, 0)  # No acknowledges: an event that is lost on a veth is a failure.
        self.session.write(MCP, self.events.address[1])
        for name, value in (SETTINGS | KEYS).items():
            self.session.put(name, value)
        self.session.put("EventSelector", "ExposureEnd")
        self.session.put("EventNotification", "On")
        self.session.start()
        self.blocks = 0

    def status(self) -> str:
        entries = features.table()["PtpStatus"]["entries"]
        number = self.session.fetch("PtpStatus")
        return next(name for name, value in entries.items() if value == number)

    def latch(self) -> tuple[int, float, float]:
        """What the clock reads, and this host's time before and after."""
        with self.session.lock:
            before = time.monotonic_ns()
            self.session.client.write((TIMESTAMP_CONTROL, LATCH))
            after = time.monotonic_ns()
            high, low = self.session.client.read(LATCHED, LATCHED + 4)
        return high << 32 | low, before, after

    def clock(self) -> tuple[float, float]:
        """How far it is ahead of this host's clock, and how far that may be wrong: the best of some tries."""
        tries = [self.latch() for _ in range(30)]
        reading, before, after = min(tries, key=lambda one: one[2] - one[1])
        return reading - (before + after) / 2, (after - before) / 2

    def parts(self, block: Block) -> dict[str, numpy.ndarray]:
        """The parts of the conveyor that are in this picture, by their names: where their corners are."""
        with urllib.request.urlopen(f"http://{self.world}/api/v1/camera/truth?block_id={block.id}", timeout=BOUND_S) as answer:
            truth = json.load(answer)
        seen = [item for item in truth["items"] if item["kind"] == "part" and item["visible"] != "none"]
        return {item["content"]: numpy.array(item["corners_px"], float) for item in seen}

    def next_blocks(self, count: int) -> list[Block]:
        first, self.blocks = self.blocks + 1, self.blocks + count
        return self.session.receiver.collect(count, first, timeout_s=BOUND_S)

    def next_exposure_ends(self, count: int) -> list[int]:
        stamps: list[int] = []
        while len(stamps) < count:
            stamps += [event.timestamp for event in self.events.take(BOUND_S)]
        return stamps


def await_true(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + BOUND_S
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


@contextlib.contextmanager
def two_cameras() -> Iterator[tuple[Seat, Seat, Client]]:
    with netns.Network(*CONFIGS, "client") as network, contextlib.ExitStack() as stack:
        for host, config in CONFIGS.items():
            address, name = network.address(host), network.name(host)
            world = ["--http", f"{address}:{WORLD_PORT}"]
            stack.enter_context(Camera(*world, address=address, netns=name, config=config, scene="conveyor"))
        stack.enter_context(network.inside("client"))
        own = network.address("client")
        everybody = stack.enter_context(Client("255.255.255.255", own))
        left, right = (Seat(network.address(host), own, stack) for host in CONFIGS)
        yield left, right, everybody


def act(everybody: Client, at: int) -> list[int]:
    """One command to all cameras; the statuses of their answers."""
    keys = (KEYS["ActionDeviceKey"], KEYS["ActionGroupKey"], KEYS["ActionGroupMask"])
    request = everybody.next_id()
    everybody.send(command(ACTION, struct.pack(">IIIQ", *keys, at), request, flags=0x81))
    return [everybody.await_ack(request).status for _ in CONFIGS]


def pixels(block: Block) -> numpy.ndarray:
    raw = numpy.frombuffer(block.data, numpy.uint8).reshape(HEIGHT, WIDTH)
    return cv2.cvtColor(raw, cv2.COLOR_BayerBG2GRAY)


def shift_px(one: numpy.ndarray, other: numpy.ndarray) -> float:
    """How far the belt has gone between two pictures, to parts of a pixel."""
    window = cv2.createHanningWindow((WIDTH, HEIGHT), cv2.CV_64F)
    (x, y), _ = cv2.phaseCorrelate(one.astype(numpy.float64), other.astype(numpy.float64), window)
    return float(numpy.hypot(x, y))


def one_clock(checks: Checks, left: Seat, right: Seat) -> bool:
    states = lambda: {left.status(), right.status()}  # noqa: E731
    settled = await_true(lambda: states() == {"Master", "Slave"})
    if not checks.that("one camera leads and one follows", settled, states()):
        return False
    time.sleep(5)  # The follower's clock settles; what is checked below holds without it as well.
    (here, here_wrong), (there, there_wrong) = left.clock(), right.clock()
    apart, blur = abs(here - there), here_wrong + there_wrong
    print(f"      the clocks read {apart / 1e3:.1f} us apart, give or take {blur / 1e3:.1f} us of this client")
    return checks.that("their clocks read the same, as far as a client can tell", apart < blur + 5e6, apart)


def at_one_time(checks: Checks, left: Seat, right: Seat, everybody: Client) -> None:
    """Actions by broadcast: every exposure of both cameras begins at the time that was said."""
    lead_ns = 2_000_000_000
    for _ in range(4):  # On a machine that stands still for longer than the lead, the next try has more.
        first = left.latch()[0] + lead_ns
        times = [first + i * SPACING_NS for i in range(ACTIONS)]
        statuses = [status for at in times for status in act(everybody, at)]
        seats = (left, right)
        blocks = [seat.next_blocks(ACTIONS) for seat in seats]
        ends = [seat.next_exposure_ends(ACTIONS) for seat in seats]
        if not any(statuses):
            break
        lead_ns *= 4
    checks.equal("both cameras accept every action", statuses, [0] * (2 * ACTIONS))
    for host, got, told in zip(CONFIGS, blocks, ends):
        late = [block.leader.timestamp - at for block, at in zip(got, times)]
        exact = all(0 <= x <= STEER_NS for x in late)
        checks.that(f"{host}: exposures begin when the clock reads the action's time", exact, late)
        after = [end - block.leader.timestamp for block, end in zip(got, told)]
        wanted = EXPOSURE_US * 1000
        exact = all(abs(x - wanted) <= wanted * 1e-4 for x in after)  # of an oscillator that runs as it likes
        checks.that(f"{host}: their ends are told an exposure later", exact, after)
    apart = [abs(a.leader.timestamp - b.leader.timestamp) for a, b in zip(*blocks)]
    checks.that("stamps of left and right differ by a nanosecond at most", max(apart) <= STEER_NS, apart)
    same_parts(checks, seats, *blocks)


def same_parts(checks: Checks, seats: tuple[Seat, Seat], left: list[Block], right: list[Block]) -> None:
    """By what each camera knows of its scene, and by what its pictures show."""
    moved: list[float] = []
    for one, other in zip(left, right):
        here, there = (seat.parts(block) for seat, block in zip(seats, (one, other)))
        checks.that(f"block {one.id}: both see the same parts: {', '.join(here)}", here and here.keys() == there.keys())
        moved += [float(numpy.abs(here[part] - there[part]).max()) for part in here.keys() & there.keys()]
    checks.that("and each of them in the same place", max(moved, default=99) < SAME_PLACE_PX, moved)
    shifts = [shift_px(pixels(one), pixels(other)) for one, other in zip(left, right)]
    checks.that("the pictures agree: the belt has not moved between them", max(shifts) < SAME_PLACE_PX, shifts)
    control = shift_px(pixels(left[0]), pixels(right[1]))
    checks.that("it does move from action to action", control > 10 * SAME_PLACE_PX, control)
    truth, picture = max(moved, default=0), max(shifts)
    print(f"      corners differ by {truth:.6f} px, pictures by {picture:.3f} px; to the next: {control:.0f} px")


def by_their_schedulers(checks: Checks, left: Seat, right: Seat) -> None:
    """The same repeated action in the scheduler of each camera: in phase although they were told one by one."""
    start = left.latch()[0]
    time_register = features.address("ActionSchedulerTime")
    for seat in (left, right):
        with seat.session.lock:
            seat.session.client.write_memory(time_register, struct.pack(">Q", start))
        seat.session.put("ActionSchedulerInterval", INTERVAL_US)
        seat.session.put("ActionSchedulerCommit")
    stamps = [[block.leader.timestamp for block in seat.next_blocks(ACTIONS)] for seat in (left, right)]
    for seat in (left, right):
        seat.session.put("ActionSchedulerCancel")
    for host, got in zip(CONFIGS, stamps):
        phase = [(stamp - start) % (INTERVAL_US * 1000) for stamp in got]
        checks.that(f"{host}: the scheduler keeps its phase", all(0 <= x <= STEER_NS for x in phase), phase)


def run_checks(checks: Checks) -> None:
    with two_cameras() as (left, right, everybody):
        if one_clock(checks, left, right):
            checks.section(at_one_time, left, right, everybody)
            checks.section(by_their_schedulers, left, right)


def main() -> None:
    netns.require()
    checks = Checks()
    if "PtpStatus" not in features.table():
        checks.skip("two cameras of one clock", "there is no PTP yet")
    else:
        checks.section(run_checks)
    checks.finish()


if __name__ == "__main__":
    main()
