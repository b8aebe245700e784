#!/usr/bin/env python3
"""Several cameras at once: on addresses of one host, and each in a namespace of its own behind a bridge."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator

import features
import netns
from camera import Camera
from checks import Checks
from session import Session
from wire import SERIAL, discover_all

ADDRESSES = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
SERIALS = ["39265001", "39265002", "39265003"]
BLOCKS = 10


@contextlib.contextmanager
def cameras(addresses: list[str], namespaces: list[str]) -> Iterator[list[Camera]]:
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(Camera("--serial", serial, address=address, netns=namespace))
            for address, serial, namespace in zip(addresses, SERIALS, namespaces)
        ]


def all_stream(checks: Checks, where: str, addresses: list[str], own: str) -> None:
    """All streams are open at the same time; only then are they read."""
    for address in addresses:
        features.configure(address, own=own)
    with contextlib.ExitStack() as stack:
        sessions = [stack.enter_context(Session(address, own)) for address in addresses]
        for session in sessions:
            session.start()
        for address, session in zip(addresses, sessions):
            blocks = session.receiver.collect(BLOCKS)
            senders = {packet.sender[0] for block in blocks for packet in block.packets.values()}
            checks.equal(f"{where}: {address} streams, and its stream is its own", senders, {address})
        pictures = {session.receiver.blocks[1].data for session in sessions}
        checks.equal(f"{where}: so many streams at the same time", len(sessions), len(addresses))
        checks.that(f"{where}: of pictures of the same scene", all(len(p) == 528 * 64 for p in pictures))


def found(target: str, own: str) -> dict[str, str]:
    answers = discover_all(target, own, 0.7)
    return {answer.sender[0]: answer.payload[SERIAL : SERIAL + 8].decode() for answer in answers}


def on_loopback(checks: Checks) -> None:
    with cameras(ADDRESSES, [""] * len(ADDRESSES)):
        wanted = dict(zip(ADDRESSES, SERIALS))
        checks.equal("loopback: a broadcast finds all", found("255.255.255.255", ADDRESSES[0]), wanted)
        if shutil.which("arv-tool-0.8"):
            listing = subprocess.run(["arv-tool-0.8"], capture_output=True, text=True, timeout=30).stdout
            checks.that(
                "loopback: Aravis lists all", all(f"({address})" in listing for address in ADDRESSES), listing
            )
        all_stream(checks, "loopback", ADDRESSES, ADDRESSES[0])


def second_on_one_address(checks: Checks) -> None:
    with Camera():
        try:
            with Camera():
                checks.that("a second camera on one address says why it cannot", False)
        except RuntimeError as error:
            checks.that("a second camera on one address says why it cannot", "3956" in str(error), error)


def in_namespaces(checks: Checks) -> None:
    if not netns.possible():
        return checks.skip("one namespace each", netns.REASON)
    hosts = ["one", "two", "three"]
    with netns.Network(*hosts, "client") as network:
        addresses = [network.address(host) for host in hosts]
        with cameras(addresses, [network.name(host) for host in hosts]), network.inside("client"):
            own = network.address("client")
            checks.equal(
                "namespaces: a broadcast finds all",
                found("255.255.255.255", own),
                dict(zip(addresses, SERIALS)),
            )
            all_stream(checks, "namespaces", addresses, own)


def main() -> None:
    netns.prepare()
    checks = Checks()
    for section in (on_loopback, second_on_one_address, in_namespaces):
        checks.section(section)
    checks.finish()


if __name__ == "__main__":
    main()
