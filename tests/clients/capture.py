#!/usr/bin/env python3
"""A whole session as Wireshark sees it: nothing malformed, and every part of it recognised."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import features
import netns
from camera import Camera
from checks import SKIPPED, Checks
from session import Session
from wire import (
    CCP,
    FIRE_TEST_PACKET,
    GVCP_CONFIGURATION,
    HEARTBEAT,
    MCDA,
    MCP,
    MCRC,
    MCTT,
    READMEM,
    SCPS,
    VENDOR,
    XML_URL,
    Client,
    EventReceiver,
    discover_all,
    number_of_ip,
)

BOUND_S = 30.0
DISCARD_PORT = 9
BLOCKS = 3


class Capture:
    """tshark on one interface of a namespace, from when it listens to when the context is left."""

    def __init__(self, network: netns.Network, host: str, file: Path) -> None:
        self._network, self._host, self._file = network, host, file
        self._command = network.command(
            host, "tshark", "-i", "eth0", "-f", "udp", "-B", "64", "-w", str(file)
        )

    def __enter__(self) -> Capture:
        self._log = self._file.with_suffix(".log")
        with self._log.open("w") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        self.synchronise(b"the capture begins")
        return self

    def synchronise(self, mark: bytes) -> None:
        """Sends a mark to nobody until the file holds it: tshark starts late and lags behind the wire."""
        deadline = time.monotonic() + BOUND_S
        with self._network.inside(self._host), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            while mark not in self._file.read_bytes():
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError(f"tshark does not capture: {self._log.read_text()[-300:]}")
                sender.sendto(mark, (self._network.address("camera"), DISCARD_PORT))
                time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(BOUND_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def run_session(camera: str, own: str, extended: bool) -> tuple[int, int]:
    """Discovery, opening, test packet, event, stream, resends, a refusal, closing. Returns the two ports."""
    discover_all("255.255.255.255", own, 0.3)
    with Client(camera, own) as visitor, EventReceiver(own) as events:
        url, start, length = visitor.read_text(XML_URL, 512).split(";")
        visitor.read_long(int(start, 16), int(length, 16))
        visitor.read_memory(VENDOR, 32)
        visitor.read(HEARTBEAT, CCP)
        with Session(camera, own, extended=extended) as session:
            session.write(GVCP_CONFIGURATION, 4)
            session.write(SCPS, FIRE_TEST_PACKET | 1000)
            session.receiver.await_packet()
            for register, value in (
                (MCDA, number_of_ip(own)),
                (MCTT, 1000),
                (MCRC, 1),
                (MCP, events.address[1]),
            ):
                session.write(register, value)
            session.put("EventSelector", "Test")
            session.put("EventNotification", "On")
            session.put("TestEventGenerate")
            events.take()
            session.start()
            session.receiver.collect(BLOCKS)
            session.receiver.ask_again(1, 2, 4, extended)
            session.receiver.ask_again(60000, 2, 2, extended)
            session.receiver.collect(2, first=BLOCKS + 1)
            session.stop()
            visitor.ask(READMEM, bytes(8))
            return session.receiver.port, events.address[1]


FIELDS = {
    "frame": "frame.number",
    "info": "_ws.col.Info",
    "malformed": "_ws.malformed",
    "command": "gvcp.cmd.command",
    "ack": "gvcp.ack",
    "gvcp_status": "gvcp.cmd.status",
    "model": "gvcp.bootstrap.modelname",
    "status": "gvsp.status",
    "short_block": "gvsp.blockid16",
    "long_block": "gvsp.blockid64",
    "format": "gvsp.format",
    "short_packet": "gvsp.packetid24",
    "long_packet": "gvsp.packetid32",
    "payload_type": "gvsp.payloadtype",
    "pixel_format": "gvsp.pixel",
    "size_x": "gvsp.sizex",
    "size_y": "gvsp.sizey",
}


def dissect(file: Path, stream_port: int, message_port: int) -> list[dict[str, str]]:
    """What tshark says of each datagram; an empty text for a field that it does not have."""
    command = [
        "tshark",
        "-r",
        str(file),
        "-d",
        f"udp.port=={stream_port},gvsp",
        "-d",
        f"udp.port=={message_port},gvcp",
        "-T",
        "fields",
        "-E",
        "separator=/t",
        "-E",
        "occurrence=f",
    ]
    for field in FIELDS.values():
        command += ["-e", field]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    return [dict(zip(FIELDS, line.split("\t"))) for line in output.splitlines()]


def number(text: str) -> int | None:
    return int(text, 0) if text else None


def judge_control(checks: Checks, name: str, rows: list[dict[str, str]]) -> None:
    commands, acks = ({number(row[kind]) for row in rows} for kind in ("command", "ack"))
    for code, what in (
        (0x02, "DISCOVERY"),
        (0x80, "READREG"),
        (0x82, "WRITEREG"),
        (0x84, "READMEM"),
        (0x40, "PACKETRESEND"),
        (0xC0, "EVENT"),
    ):
        checks.that(f"{name}: {what} is recognised", code in commands, commands)
        checks.equal(f"{name}: its acknowledge, if it has one", code + 1 in acks, code != 0x40)
    checks.equal(
        f"{name}: the discovered model",
        {row["model"] for row in rows if number(row["ack"]) == 3},
        {"DFK 39GX265-Z20"},
    )
    refused = [number(row["gvcp_status"]) for row in rows if number(row["gvcp_status"])]
    checks.equal(f"{name}: the one refusal", refused, [0x8002])


def judge_stream(checks: Checks, name: str, rows: list[dict[str, str]], ids: str) -> None:
    leaders = [row for row in rows if row["size_x"]]
    contents = {
        tuple(number(row[f]) for f in ("payload_type", "pixel_format", "size_x", "size_y")) for row in leaders
    }
    checks.equal(f"{name}: leaders tell type, format and size", contents, {(1, 0x0108_0009, 528, 64)})
    blocks = sorted({number(row[f"{ids}_block"]) for row in leaders})
    checks.equal(f"{name}: blocks count from 1", blocks[:BLOCKS], list(range(1, BLOCKS + 1)))
    resent = {
        (number(row[f"{ids}_block"]), number(row[f"{ids}_packet"]))
        for row in rows
        if number(row["status"]) == 0x0100
    }
    checks.that(f"{name}: packets 2 to 4 came again", {(1, 2), (1, 3), (1, 4)} <= resent, resent)
    gone = [number(row[f"{ids}_block"]) for row in rows if (number(row["status"]) or 0) & 0x8000]
    checks.equal(f"{name}: a packet of an unknown block was refused", gone, [60000])
    trailers = [row for row in rows if row["size_y"] and not row["size_x"]]
    checks.that(f"{name}: trailers end the blocks", len(trailers) >= BLOCKS, len(trailers))


def judge(checks: Checks, name: str, rows: list[dict[str, str]], ids: str) -> None:
    malformed = [(row["frame"], row["info"]) for row in rows if row["malformed"]]
    checks.equal(f"{name}: of {len(rows)} datagrams none is malformed", malformed, [])
    judge_control(checks, name, rows)
    judge_stream(checks, name, rows, ids)


def session_on_the_wire(checks: Checks, extended: bool) -> None:
    name = "long ids" if extended else "short ids"
    with netns.Network("camera", "client") as network, tempfile.TemporaryDirectory() as folder:
        camera, own = network.address("camera"), network.address("client")
        file = Path(folder, "session.pcapng")
        file.touch(mode=0o666)
        with Camera(address=camera, netns=network.name("camera")), Capture(
            network, "client", file
        ) as capture:
            with network.inside("client"):
                features.configure(camera, own=own)
                ports = run_session(camera, own, extended)
            capture.synchronise(b"the capture ends")
        judge(checks, name, dissect(file, *ports), "long" if extended else "short")


def main() -> None:
    if not shutil.which("tshark"):
        print("skip  capture.py: tshark is not installed")
        sys.exit(SKIPPED)
    netns.require()
    checks = Checks()
    for extended in (False, True):
        checks.section(session_on_the_wire, extended)
    checks.finish()


if __name__ == "__main__":
    main()
