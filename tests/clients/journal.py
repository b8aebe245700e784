#!/usr/bin/env python3
"""The journal of a session of Aravis says what tshark decodes of the packets that were captured beside it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import netns
from aravis_session import FEATURES
from camera import Camera
from capture import Capture
from checks import Checks
from web import Web
from wire import Client

HTTP = "127.0.0.1"
PORT = 8080
CONTROL_PORT = 3956
FRAMES = 5
FLOOD = 3000
JOURNAL = "/api/v1/camera/journal"
PENDING = 0x89
TOLD_S = 5
HERE = Path(__file__).parent


def names_of(field: str) -> dict[int, str]:
    """What Wireshark calls the values of a field."""
    table = subprocess.run(["tshark", "-G", "values"], check=True, capture_output=True, text=True).stdout
    rows = (line.split("\t") for line in table.splitlines())
    return {int(row[2], 0): row[3].split(" (")[0] for row in rows if row[:2] == ["V", field]}


def dissect(file: Path, stream_port: int) -> list[dict[str, str]]:
    fields = {
        "from": "udp.srcport",
        "to": "udp.dstport",
        "command": "gvcp.cmd.command",
        "ack": "gvcp.ack",
        "request": "gvcp.cmd.req_id",
        "status": "gvcp.cmd.status",
        "block": "gvsp.blockid16",
        "malformed": "_ws.malformed",
    }
    command = ["tshark", "-r", str(file), "-d", f"udp.port=={stream_port},gvsp", "-T", "fields"]
    command += ["-E", "separator=/t", "-E", "occurrence=f"]
    for field in fields.values():
        command += ["-e", field]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    return [dict(zip(fields, line.split("\t"))) for line in output.splitlines()]


def commands_of(rows: list[dict[str, str]]) -> list[tuple]:
    """Port, command, request and status of each command, in their order."""
    commands, statuses = names_of("gvcp.cmd.command"), names_of("gvcp.cmd.status")
    found: list[list] = []
    for row in rows:
        if row["command"] and int(row["to"]) == CONTROL_PORT:
            found.append(
                [int(row["from"]), commands[int(row["command"], 0)], int(row["request"], 0), None]
            )
        elif row["ack"] and int(row["ack"], 0) != PENDING and int(row["from"]) == CONTROL_PORT:
            key = (int(row["to"]), int(row["request"], 0))
            asked = next(one for one in reversed(found) if (one[0], one[2]) == key)
            asked[3] = asked[3] or statuses[int(row["status"], 0)]
    return [tuple(one) for one in found]


def as_tuples(entries: list[dict]) -> list[tuple]:
    return [
        (int(one["client"].split(":")[1]), one["command"], one["request"], one["status"])
        for one in entries
        if one["channel"] == "control" and one["command"] != "malformed"
    ]


def all_entries(web: Web) -> list[dict]:
    entries, since = [], 0
    while part := (answer := web.get(f"{JOURNAL}?since={since}&limit=5000"))["entries"]:
        entries += part
        since = answer["next"]
    return entries


def packets_told(web: Web, wanted: dict[int, int]) -> dict[int, int]:
    """Packets by block. The sender's thread tells of them after they have left: once they are those that are wanted, or
    after some seconds."""
    deadline = time.monotonic() + TOLD_S
    while True:
        blocks = web.get(f"{JOURNAL}/blocks")["blocks"]
        told = {one["block_id"]: one["packets"] + one["packets_resent"] for one in blocks if one["packets"]}
        if told == wanted or time.monotonic() > deadline:
            return told
        time.sleep(0.05)


def run_session(network: netns.Network) -> dict:
    command = network.command(
        "client", sys.executable, str(HERE / "aravis_session.py"), network.address("camera"), str(FRAMES)
    )
    done = subprocess.run(command, capture_output=True, text=True, timeout=90)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-500:])
    return json.loads(done.stdout.splitlines()[-1])


def judge_settings(checks: Checks, entries: list[dict]) -> None:
    written = {
        item["feature"]: item["value"]
        for entry in entries
        for item in entry.get("writes", [])
        if "feature" in item
    }
    for name, value in FEATURES.items():
        checks.equal(f"the journal has {name}", written.get(name), value)


def stream_port(entries: list[dict]) -> int:
    """The port that a client has written into SCP."""
    return next(
        item["value"]
        for entry in entries
        for item in entry.get("writes", [])
        if item.get("register", "").startswith("SCP0 ") and item["value"]
    )


def judge(checks: Checks, network: netns.Network, file: Path) -> None:
    with network.inside("camera"):
        web = Web(PORT, HTTP)
        entries = all_entries(web)
    port = stream_port(entries)
    rows = dissect(file, port)
    wanted, got = commands_of(rows), as_tuples(entries)
    checks.that(
        f"the {len(wanted)} commands of the capture are those of the journal, with their statuses",
        got == wanted and len(wanted) > 50,
        [pair for pair in zip(got, wanted) if pair[0] != pair[1]][:3] or (len(got), len(wanted)),
    )
    packets = Counter(int(row["block"], 0) for row in rows if row["block"] and int(row["to"]) == port)
    packets.pop(0, None)  # Test packets are of no block.
    with network.inside("camera"):
        told = packets_told(web, packets)
    checks.equal("each block has as many packets as were captured", told, dict(packets))
    checks.that("there are blocks", len(packets) >= FRAMES, packets)
    checks.equal("tshark finds nothing malformed", [row for row in rows if row["malformed"]], [])
    judge_settings(checks, entries)


def session_on_the_wire(checks: Checks) -> None:
    with netns.Network("camera", "client") as network, tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "session.pcapng")
        file.touch(mode=0o666)
        with Camera(address=network.address("camera"), netns=network.name("camera")), Capture(
            network, "client", file
        ) as capture:
            session = run_session(network)
            checks.equal("Aravis has its frames", session["frames"], FRAMES)
            capture.synchronise(b"the capture ends")
            judge(checks, network, file)


def waiting(checks: Checks) -> None:
    """A wait ends with what comes, holds the camera up for nobody, and says on a miss what came close."""
    with Camera(address="127.0.3.5", scene="flat_field"), Client("127.0.3.5", "127.0.3.5") as client:
        web = Web(PORT, "127.0.3.5")
        answers: list[tuple[int, dict]] = []
        body = {"feature": "GevHeartbeatTimeout", "command": "READREG_CMD", "count": 2, "timeout_ms": 15000}
        waits = threading.Thread(target=lambda: answers.append(web.ask("POST", f"{JOURNAL}/wait", body)))
        waits.start()
        client.read(0x938)
        while web.get(f"{JOURNAL}/count?feature=GevHeartbeatTimeout")["count"] == 0:
            pass
        checks.that("a wait goes on while one of two entries is there", waits.is_alive())
        client.read(0x938)
        waits.join(10)
        checks.equal("a wait ends with its entries", [status for status, _ in answers], [200])
        status, missed = web.ask("POST", f"{JOURNAL}/wait", body | {"command": "WRITEREG_CMD", "timeout_ms": 50})
        checks.equal("a wait for what does not come ends by its time", status, 408)
        checks.equal("and shows what came close", len(missed["nearest"]), 2)
        began = time.monotonic()
        for number in range(FLOOD):
            client.socket.sendto(b"\0" * 20, ("127.0.3.5", CONTROL_PORT))
            if number % 100 == 0:
                client.read(0x938)
        checks.that(f"{FLOOD} strange datagrams delay nobody", time.monotonic() - began < 10)
        client.read(0x938)
        count = web.get(f"{JOURNAL}/count?command=malformed")["count"]
        checks.equal("each of them is in the journal", count, FLOOD)


def main() -> None:
    checks = Checks()
    checks.section(waiting)
    if not shutil.which("tshark"):
        checks.skip("the journal of a session", "tshark is not installed")
        checks.finish()
        return
    if not netns.prepare():
        checks.skip("the journal of a session", netns.REASON)
    else:
        checks.section(session_on_the_wire)
    checks.finish()


if __name__ == "__main__":
    main()
