#!/usr/bin/env python3
"""What the camera records of a session of Aravis, without any right to capture: judged by tshark, and played back."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from camera import Camera, program
from checks import Checks
from journal import JOURNAL, all_entries, as_tuples, commands_of, dissect, stream_port
from web import Web
from wire import CCP, HEARTBEAT, Client

CAMERA, PROXY, PORT = "127.0.3.8", "127.0.3.9", 8080
CONTROL_PORT, HEADER_BYTES = 3956, 8
FRAMES = 5
RECORDING = "/api/v1/camera/recording"
PLANTED = 0x8FFF
HERE = Path(__file__).parent


def run_session(address: str = CAMERA) -> dict:
    command = [sys.executable, str(HERE / "aravis_session.py"), address, str(FRAMES)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-500:])
    return json.loads(done.stdout.splitlines()[-1])


def play_back(file: Path, address: str) -> tuple[int, str]:
    done = subprocess.run(
        [program(), "replay", str(file), "--address", address], capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout + done.stderr


def refusals(checks: Checks) -> None:
    """What cannot be recorded says why, and writes nothing."""
    with Camera(address=CAMERA):
        status, _ = Web(PORT, CAMERA).ask("POST", RECORDING, {"name": "a"})
        checks.equal("without --record-dir nothing is recorded", status, 409)
    with tempfile.TemporaryDirectory() as folder, Camera("--record-dir", folder, address=CAMERA):
        web = Web(PORT, CAMERA)
        for name in ("", "../a", "a/b", ".a", "-a", "x" * 65, 1):
            status, answer = web.ask("POST", RECORDING, {"name": name})
            checks.equal(f"the name {name!r:.12} is refused", (status, answer.get("key")), (400, "name"))
        for body in (
            {"name": "a", "max_mb": 0},
            {"name": "a", "max_mb": 1_000_001},
            {"name": "a", "packets": "some"},
        ):
            checks.equal(f"{body} is refused", web.ask("POST", RECORDING, body)[0], 400)
        Path(folder, "there.pcapng").write_text("precious")
        checks.equal("no file is overwritten", web.ask("POST", RECORDING, {"name": "there"})[0], 409)
        web.tell("POST", RECORDING, {"name": "a"})
        checks.equal("one runs at a time", web.ask("POST", RECORDING, {"name": "b"})[0], 409)
        web.tell("DELETE", RECORDING)
        names = [one["name"] for one in web.get("/api/v1/camera/recordings")["recordings"]]
        checks.equal("the folder has what was recorded", names, ["a.pcapng", "there.pcapng"])
        for name in ("..%2f..%2fetc%2fpasswd", "none.pcapng"):
            status, _ = web.ask("GET", f"/api/v1/camera/recordings/{name}")
            checks.equal(f"there is no recording {name}", status, 404)
    options = ("--record", "all", "--record-dir", "/proc/nowhere")
    done = subprocess.run([program(), *options, "--address", CAMERA], capture_output=True, text=True, timeout=60)
    checks.equal("a folder that is none is refused at the start", done.returncode, 2)


def judged_by_tshark(checks: Checks) -> None:
    with tempfile.TemporaryDirectory() as folder, Camera("--record-dir", folder, address=CAMERA) as camera:
        web = Web(PORT, CAMERA)
        web.tell("POST", RECORDING, {"name": "session", "packets": "all"})
        checks.equal("Aravis has its frames", run_session()["frames"], FRAMES)
        state = web.tell("DELETE", RECORDING)
        checks.equal("nothing is lost", (state["lost"], state["ended"]), (0, "stopped"))
        file = Path(folder, "session.pcapng")
        with urllib.request.urlopen(f"http://{CAMERA}:{PORT}/api/v1/camera/recordings/session.pcapng") as got:
            checks.equal("HTTP gives the file", got.read(), file.read_bytes())
        entries, blocks = all_entries(web), web.get(f"{JOURNAL}/blocks")["blocks"]
        port = stream_port(entries)
        rows = dissect(file, port)
        checks.equal("tshark finds nothing malformed", [row for row in rows if row["malformed"]], [])
        checks.equal("it reads as many packets as were recorded", len(rows), state["count"])
        checks.equal("its commands are those of the journal", commands_of(rows), as_tuples(entries))
        packets = Counter(int(row["block"], 0) for row in rows if row["block"] and int(row["to"]) == port)
        packets.pop(0, None)
        told = {one["block_id"]: one["packets"] + one["packets_resent"] for one in blocks if one["packets"]}
        checks.equal("its blocks have the packets that the journal counts", dict(packets), told)
        sizes = subprocess.run(
            ["tshark", "-r", str(file), "-T", "fields", "-e", "ip.len"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        checks.equal("packets are apart, as on the wire", max(map(int, sizes)), 1500)
        del camera


@contextlib.contextmanager
def wrong_status(of_write_to: int) -> Iterator[None]:
    """A camera between: it passes all on to the real one, and turns the status of one write into an error."""
    front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    front.bind((PROXY, CONTROL_PORT))
    front.settimeout(0.1)
    backs: dict[tuple, socket.socket] = {}
    ends = threading.Event()

    def answer(command: bytes, client: tuple) -> None:
        back = backs.setdefault(client, socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        back.settimeout(2)
        back.sendto(command, (CAMERA, CONTROL_PORT))
        if not command[1] & 1:
            return
        ack = back.recv(2048)
        address = int.from_bytes(command[HEADER_BYTES : HEADER_BYTES + 4], "big")
        if command[2:4] in (b"\0\x82", b"\0\x86") and address == of_write_to:
            ack = PLANTED.to_bytes(2, "big") + ack[2:]
        front.sendto(ack, client)

    def serve() -> None:
        while not ends.is_set():
            with contextlib.suppress(TimeoutError):
                answer(*front.recvfrom(2048))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()
        for one in (front, *backs.values()):
            one.close()


def played_back(checks: Checks) -> None:
    """The same camera answers the same; one status that differs is named."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "session.pcapng")
        with Camera("--record-dir", folder, address=CAMERA) as camera:
            web = Web(PORT, CAMERA)
            web.tell("POST", RECORDING, {"name": "session"})
            run_session()
            web.tell("DELETE", RECORDING)
            writes = web.get(f"{JOURNAL}?feature=ReverseX")["entries"][-1]["writes"]
            del camera
        with Camera(address=CAMERA):
            code, output = play_back(file, CAMERA)
            checks.equal(f"played back, nothing differs: {output.splitlines()[-1]}", code, 0)
            checks.that("all of it was played", " 0 differences" in output, output[-500:])
        with Camera(address=CAMERA), wrong_status(int(writes[0]["address"], 16)):
            code, output = play_back(file, PROXY)
            checks.equal("one wrong status is found", code, 1)
            lines = output.splitlines()
            checks.equal("it is the only difference", len(lines), 2)
            checks.that(
                "and named by command, feature and both statuses",
                "ReverseX: status GEV_STATUS_SUCCESS in the recording, GEV_STATUS_ERROR now" in lines[0],
                lines[0],
            )
        code, output = play_back(Path(__file__), CAMERA)
        checks.equal("what is no recording is refused", code, 2)


def from_the_start(checks: Checks) -> None:
    """With --record a file begins with the program, and is whole when that has ended."""
    with tempfile.TemporaryDirectory() as folder:
        for number in (1, 2):
            with Camera("--record-dir", folder, "--record", "control", address=CAMERA):
                with Client(CAMERA, CAMERA) as client:
                    client.read(HEARTBEAT, CCP)
            file = Path(folder, f"session_{number}.pcapng")
            with Camera(address=CAMERA):
                code, output = play_back(file, CAMERA)
            checks.equal(f"recording {number} has what was asked: {output.strip()}", code, 0)


def frames(checks: Checks) -> None:
    with tempfile.TemporaryDirectory() as folder, Camera("--record-dir", folder, address=CAMERA):
        web = Web(PORT, CAMERA)
        web.tell("POST", f"{RECORDING}/frames", {"name": "frame", "count": 3})
        run_session()
        state = web.tell("DELETE", f"{RECORDING}/frames")
        checks.equal("three frames are written", (state["written"], state["ended"]), (3, "complete"))
        truths = [json.loads(Path(folder, f"frame_{n:06}.json").read_text()) for n in (1, 2, 3)]
        checks.equal("each has its truth", [truth["frame"]["block_id"] for truth in truths], [1, 2, 3])
        picture = Path(folder, truths[0]["file"]).read_bytes()
        size = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big"), picture[24]
        checks.equal("a PNG has the size of the image and 8 bits", size, (528, 64, 8))


def main() -> None:
    checks = Checks()
    checks.section(refusals)
    if shutil.which("tshark"):
        checks.section(judged_by_tshark)
    else:
        checks.skip("what tshark says of a recording", "tshark is not installed")
    checks.section(played_back)
    checks.section(from_the_start)
    checks.section(frames)
    checks.finish()


if __name__ == "__main__":
    main()
