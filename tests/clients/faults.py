#!/usr/bin/python3
"""Faults as clients see them on the wire: Aravis, and the project's own wire client where one packet counts."""

from __future__ import annotations

import sys
import time

import features
from camera import Camera
from checks import SKIPPED, Checks
from session import Session
from web import Web
from wire import Client, NoAnswer

try:
    import grab
except SystemExit as reason:
    print(f"skip  faults.py: {reason}")
    sys.exit(SKIPPED)

CAMERA, PORT = "127.0.3.21", 18321
OTHER = "127.0.3.22"
SMALL = {"Width": "528", "Height": "128", "ExposureAuto": "Off", "ExposureTime": "1000"}
FAULTS = "/api/v1/camera/faults"
# Kinds that have a key which must be given.
NEEDS = {
    "packet_delay": {"delay_us": 100},
    "packet_jitter": {"jitter_us": 100},
    "resend_late": {"delay_us": 100},
    "timestamp_jump": {"jump_us": 1e6},
    "leader_size_wrong": {"width": 100},
    "ack_delay": {"delay_us": 100},
    "register_value": {"register": "0x0938", "value": 1},
    "motor_stuck": {"part": "zoom"},
    "clock_jump": {"jump_us": 1e6},
    "address_change": {"address": OTHER},
}
LEAVES = {"power_cycle", "brown_out", "control_lost", "address_change"}  # tried by their own checks


def web() -> Web:
    return Web(PORT, CAMERA)


def set_fault(**order: object) -> int:
    return web().tell("POST", FAULTS, order)["id"]


def hits(number: int) -> int:
    return web().get(f"{FAULTS}/{number}")["hits"]


def clear() -> None:
    web().tell("DELETE", FAULTS)


def frames_of(count: int, seconds: float = 15.0) -> list[tuple[int, str]]:
    """Block ids of the first frames of a stream, and what Aravis says of them."""
    camera = grab.open_camera(CAMERA)
    for name, value in SMALL.items():
        grab.set_feature(camera, name, value)
    stream = grab.open_stream(camera, 1500)
    # A busy host lets Aravis's thread wait: its default of 100 ms would end frames whose resends are on their way.
    stream.set_property("frame-retention", 1_000_000)
    seen: list[tuple[int, str]] = []
    camera.start_acquisition()
    for buffer in grab.buffers_for(stream, seconds):
        seen.append((buffer.get_frame_id(), buffer.get_status().value_nick))
        if len(seen) >= count:
            break
    camera.stop_acquisition()
    return seen


def statuses(count: int) -> list[str]:
    return [status for _, status in frames_of(count)]


def every_kind(checks: Checks) -> None:
    kinds = web().get("/api/v1/faults")["kinds"]
    checks.that("the list of kinds is long", len(kinds) > 40, len(kinds))
    for kind in kinds:
        name = kind["fault"]
        if name in LEAVES:
            continue
        order = {"fault": name} | NEEDS.get(name, {})
        status, answer = web().ask("POST", FAULTS, order)
        checks.that(f"{name} is taken", status == 200 and answer["state"] in ("in_force", "over"), answer)
        if name in NEEDS:
            status, answer = web().ask("POST", FAULTS, {"fault": name})
            checks.that(f"{name} without its key is refused", status == 400 and answer["key"] != "", answer)
        clear()
    checks.equal("nothing is left", web().get(FAULTS)["faults"], [])
    status, answer = web().ask("POST", FAULTS, {"fault": "packet_loss", "rate": 2})
    checks.equal("a wrong value names its key", (status, answer.get("key")), (400, "rate"))
    status, _ = web().ask("DELETE", f"{FAULTS}/1000")
    checks.equal("a fault that is not there", status, 404)


def chosen_packets(checks: Checks) -> None:
    features.configure(CAMERA, features.SMALL)
    with Session(CAMERA, CAMERA) as session:
        number = set_fault(fault="packet_loss", blocks=[3, 5], packets=[0, 17], resent=False)
        session.start()
        seen: set[tuple[int, int]] = set()
        while (packet := session.receiver.await_packet()).block <= 6:
            seen.add((packet.block, packet.id))
        last = max(packet for block, packet in seen if block == 4)
        missing = {(b, p) for b in range(1, 6) for p in range(last + 1)} - seen
        wanted = {(3, 0), (3, 17), (5, 0), (5, 17)}
        checks.that("the chosen packets are lost, and no other", missing == wanted, sorted(missing)[:8])
        checks.equal("and counted", hits(number), 4)
    clear()


def with_aravis(checks: Checks) -> None:
    checks.equal("without a fault all frames are complete", set(statuses(10)), {"success"})
    number = set_fault(fault="packet_loss", rate=0.05, seed=3)
    checks.equal("lost packets come by resends", set(statuses(10)), {"success"})
    checks.that("some were lost", hits(number) > 10)
    set_fault(fault="resend_ignored")
    checks.that("without resends frames are incomplete", set(statuses(10)) - {"success"} != set())
    clear()
    for name, every in (("frame_truncated", 3), ("trailer_missing", 3), ("payload_stale", 3), ("packet_duplicate", 1)):
        number = set_fault(fault=name, every=every)
        seen = statuses(9)
        checks.that(f"{name}: Aravis goes on", len(seen) == 9, seen)
        checks.that(f"{name}: it was hit", hits(number) > 0)
        clear()
    set_fault(fault="leader_missing", blocks=[3, 6])
    ids = [number for number, status in frames_of(9) if status == "success"]
    checks.that("leader_missing: Aravis has no whole frame of these blocks", len(ids) >= 5 and not {3, 6} & set(ids), ids)
    clear()
    checks.equal("afterwards all frames are complete", set(statuses(5)), {"success"})


def control(checks: Checks) -> None:
    camera = grab.open_camera(CAMERA)
    lost: list[bool] = []
    camera.get_device().connect("control-lost", lambda _: lost.append(True))
    set_fault(fault="ack_loss", command="WRITEMEM_CMD", count=1)
    camera.set_exposure_time(5000)
    checks.equal("Aravis repeats a command whose acknowledge is lost", camera.get_exposure_time(), 5000)
    set_fault(fault="pending_ack", takes_ms=900, count=1, command="WRITEMEM_CMD")
    began = time.monotonic()
    camera.set_exposure_time(6000)
    checks.that("Aravis waits for a pending acknowledge", time.monotonic() - began > 0.8)
    checks.equal("and the value is there", camera.get_exposure_time(), 6000)
    set_fault(fault="ack_status", status="GEV_STATUS_ACCESS_DENIED", command="WRITEMEM_CMD", count=1)
    try:
        camera.set_exposure_time(7000)
        checks.that("Aravis reports a wrong status", False)
    except grab.gi.repository.GLib.Error as error:
        checks.that("Aravis reports a wrong status", "access-denied" in str(error).lower(), error)
    clear()
    set_fault(fault="control_lost")
    deadline = time.monotonic() + 10
    context = grab.gi.repository.GLib.MainContext.default()
    while not lost and time.monotonic() < deadline:
        context.iteration(False)
        time.sleep(0.05)
    checks.that("Aravis sees that control is lost", bool(lost))
    clear()


def cable_and_supply(checks: Checks) -> None:
    for order in (
        {"fault": "cable_out", "for_us": 4e6},
        {"fault": "power_cycle", "for_us": 1e6},
        {"fault": "brown_out"},
    ):
        camera = grab.open_camera(CAMERA)
        lost: list[bool] = []
        camera.get_device().connect("control-lost", lambda _, into=lost: into.append(True))
        set_fault(**order)
        deadline = time.monotonic() + 15
        context = grab.gi.repository.GLib.MainContext.default()
        while not lost and time.monotonic() < deadline:
            context.iteration(False)
            time.sleep(0.05)
        checks.that(f"{order['fault']}: Aravis loses the camera", bool(lost))
        del camera
        seen: list[str] = []
        while not seen and time.monotonic() < deadline + 15:
            try:
                seen = statuses(3)
            except grab.gi.repository.GLib.Error:
                time.sleep(0.2)
        checks.equal(f"{order['fault']}: and streams from it again", seen, ["success"] * 3)
        clear()


def answers_at(address: str) -> bool:
    try:
        with Client(address) as client:
            return bool(client.discover())
    except NoAnswer:
        return False


def other_address(checks: Checks) -> None:
    set_fault(fault="address_change", address=OTHER, for_us=8e6)
    checks.that("address_change: the camera answers at the other address", answers_at(OTHER))
    checks.that("and not at its own", not answers_at(CAMERA))
    deadline = time.monotonic() + 15
    while not answers_at(CAMERA) and time.monotonic() < deadline:
        time.sleep(0.2)
    checks.equal("afterwards it streams from its own", statuses(3), ["success"] * 3)
    clear()


def at_start(checks: Checks) -> None:
    options = ("--http", f"{CAMERA}:{PORT}", "--fault", "packet_loss:blocks=[2],packets=[3],resent=false")
    with Camera(*options, address=CAMERA, config={"faults": [{"fault": "packet_duplicate"}]}):
        names = [fault["fault"] for fault in web().get(FAULTS)["faults"]]
        checks.equal("profile and command line set faults", names, ["packet_duplicate", "packet_loss"])
        clear()
        web().tell("POST", "/api/v1/reset")
        checks.equal("and a reset sets them again", len(web().get(FAULTS)["faults"]), 2)


def main() -> None:
    checks = Checks()
    with Camera("--http", f"{CAMERA}:{PORT}", address=CAMERA):
        for section in (every_kind, chosen_packets, with_aravis, control, cable_and_supply, other_address):
            checks.section(section)
    checks.section(at_start)
    checks.finish()


if __name__ == "__main__":
    main()
