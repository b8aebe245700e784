#!/usr/bin/env python3
"""One clock: cameras with ptp4l as their master, with two of them, as its master, and among themselves.

ptp4l runs with software stamps and touches no clock of the host. `--measure SECONDS` prints how close a camera with an
oscillator that is 50 ppm wrong stays to it, and asserts nothing about that.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import netns
from camera import Camera, ask_program
from checks import Checks
from wire import GVCP_CONFIGURATION, Client

STATUS, LATCH, LATCHED = 0x096C, 0x0944, 0x0948
DISABLED, MASTER, SLAVE = 3, 6, 9
ENABLED = 1 << 19  # in the GVCP configuration
WRONG_SYNCS = 12
GROUP = "224.0.1.129"
PATIENCE_S = 60.0  # A bound, not a promise: the machine may be busy.
SECOND_NS = 1_000_000_000

PTP4L = """[global]
free_running 1
time_stamping software
logAnnounceInterval 1
logSyncInterval {log_sync}
priority1 {priority}
slaveOnly {slave_only}
uds_address {folder}/ptp4l
use_syslog 0
verbose 1
logging_level 6
"""


class Ptp4l:
    """The PTP of Linux, on one host of a network."""

    def __init__(
        self, network: netns.Network, host: str, priority: int = 100, slave_only: bool = False, log_sync: int = 0
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gigemu-ptp4l-")
        folder = Path(self._folder.name)
        config, self._log = folder / "config", folder / "log"
        config.write_text(
            PTP4L.format(folder=folder, priority=priority, slave_only=int(slave_only), log_sync=log_sync)
        )
        self._command = network.command(host, "ptp4l", "-f", str(config), "-i", "eth0")

    def __enter__(self) -> Ptp4l:
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._folder.cleanup()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def is_master(self) -> bool:
        return "assuming the grand master role" in self.log

    @property
    def identity(self) -> str:
        found = re.search(r"selected local clock ([0-9a-f]{6})\.([0-9a-f]{4})\.([0-9a-f]{6})", self.log)
        return "".join(found.groups()) if found else "unknown"


def ptp_camera(
    network: netns.Network, host: str, *options: str, drift_ppm: float = 50, through: list[str] | None = None
) -> Camera:
    return Camera(
        *options,
        log_level="debug",
        through=through,
        address=network.address(host),
        netns=network.name(host),
        config={"oscillator": {"drift_ppm": drift_ppm}},
    )


@contextlib.contextmanager
def client_of(network: netns.Network, host: str) -> Iterator[Client]:
    with network.inside(host), Client(network.address(host), network.address(host)) as client:
        yield client


def await_that(true: Callable[[], bool], patience_s: float = PATIENCE_S) -> float | None:
    """After how many seconds it is so; None if it takes too long."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > patience_s:
            return None
        time.sleep(0.1)
    return time.monotonic() - began


def becomes(client: Client, state: int) -> float | None:
    return await_that(lambda: client.read_one(STATUS) == state)


def offsets_ns(camera: Camera) -> list[int]:
    """What the camera has measured, one number for each Sync."""
    return [int(number) for number in re.findall(r"ptp: offset (-?\d+) ns", camera.output)]


def grandmaster(camera: Camera) -> str:
    return (re.findall(r"grandmaster ([0-9a-f]{16})", camera.output) or [""])[-1]


def latch(client: Client) -> tuple[int, int, int]:
    """The camera's time, and the host's before and after: all cameras of a host have one real time to compare with."""
    before = time.time_ns()
    client.write((LATCH, 2))
    after = time.time_ns()
    high, low = client.read(LATCHED, LATCHED + 4)
    return before, high << 32 | low, after


def percentile(values: list[int], share: float) -> int:
    ordered = sorted(abs(value) for value in values)
    return ordered[int(share * (len(ordered) - 1))]


def off_by(earlier: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    """How far two clocks are apart at least, given when each was read."""
    (a0, a, a1), (b0, b, b1) = earlier, other
    least, most = (a - b) - (a1 - b0), (a - b) - (a0 - b1)
    return 0 if least <= 0 <= most else min(abs(least), abs(most))


def follows_ptp4l(checks: Checks, hosts: list[str]) -> None:
    """A slave within seconds; alone when the master goes, in step again when it comes back."""
    with netns.Network(*hosts) as network, Ptp4l(network, hosts[0]) as master:
        checks.that("ptp4l masters", await_that(lambda: master.is_master) is not None, master.log)
        with ptp_camera(network, hosts[1]) as camera, client_of(network, hosts[1]) as client:
            client.take_control()
            client.write((0x0938, 120_000))  # No heartbeat is needed meanwhile.
            took = becomes(client, SLAVE)
            checks.that("a camera becomes the slave of ptp4l", took is not None, camera.output[-500:])
            print(f"      slave after {took:.1f} s" if took else "")
            before, latched, after = latch(client)
            checks.that(
                "its time is the master's, as far as GVCP can tell",
                before - 1_000_000 <= latched <= after + 1_000_000,
                (latched - before, after - before),
            )
            await_that(lambda: len(offsets_ns(camera)) >= 20)
            settled = offsets_ns(camera)[8:]
            checks.that("the offset is below 1 ms", percentile(settled, 0.5) < 1_000_000, settled)
            master.stop()
            checks.that("without its master it leads itself", becomes(client, MASTER) is not None)
            before, latched, after = latch(client)
            checks.that(
                "and its time goes on",
                before - 5_000_000 <= latched <= after + 5_000_000,
                (latched - before, after - before),
            )
            with master:
                checks.that("when the master comes back it follows again", becomes(client, SLAVE) is not None)


def chooses_between_two(checks: Checks, hosts: list[str]) -> None:
    with netns.Network(*hosts) as network, contextlib.ExitStack() as stack:
        best = stack.enter_context(Ptp4l(network, hosts[0], priority=90, log_sync=-2))
        other = stack.enter_context(Ptp4l(network, hosts[1], priority=110, log_sync=-2))
        await_that(lambda: best.is_master)
        camera = stack.enter_context(ptp_camera(network, hosts[2]))
        client = stack.enter_context(client_of(network, hosts[2]))
        checks.that("between two masters it becomes a slave", becomes(client, SLAVE) is not None)
        checks.that(
            "of the better one",
            await_that(lambda: grandmaster(camera) == best.identity) is not None,
            (grandmaster(camera), best.identity),
        )
        best.stop()
        checks.that(
            "when that goes, it turns to the other",
            await_that(lambda: grandmaster(camera) == other.identity) is not None,
        )
        checks.that("and follows it", becomes(client, SLAVE) is not None)
        with best:
            checks.that(
                "and back when the better one returns",
                await_that(lambda: grandmaster(camera) == best.identity) is not None,
            )


def leads_ptp4l(checks: Checks, hosts: list[str]) -> None:
    """ptp4l with a free running clock reports offsets: they must change at the rate of the camera's oscillator."""
    pattern = re.compile(r"ptp4l\[([\d.]+)\]: master offset\s+(-?\d+) s\d freq\s+([+-]?\d+) path delay\s+(-?\d+)")
    with netns.Network(*hosts) as network, ptp_camera(network, hosts[0], drift_ppm=20) as camera:
        with client_of(network, hosts[0]) as client, Ptp4l(network, hosts[1], priority=255, slave_only=True) as slave:
            checks.that("a camera masters", becomes(client, MASTER) is not None)
            found = await_that(lambda: len(pattern.findall(slave.log)) >= 12)
            checks.that("ptp4l follows it", found is not None, slave.log[-500:])
            identity = grandmaster(camera)
            wanted = f"{identity[:6]}.{identity[6:10]}.{identity[10:]}"
            checks.that("as its best master", f"selected best master clock {wanted}" in slave.log, slave.log)
            reports = [tuple(map(float, report)) for report in pattern.findall(slave.log)][4:]
            delays = [int(delay) for *_, delay in reports]
            checks.that("over a way of less than a millisecond", percentile(delays, 0.5) < 1_000_000, delays)
            (t0, first, *_), (t1, last, *_) = reports[0], reports[-1]
            drift = (last - first) / (t1 - t0)
            checks.that("and sees it run 20 ppm faster", abs(drift + 20_000) < 5_000, reports)
            print(f"      drift {drift:.0f} ns/s, path delay {percentile(delays, 0.5)} ns")


def elect_a_master(checks: Checks, hosts: list[str]) -> None:
    """Three cameras alone; what they say is captured, and decoded by tshark."""
    serials = ["39265003", "39265001", "39265002"]
    with contextlib.ExitStack() as stack:
        network = stack.enter_context(netns.Network(*hosts))
        capture = stack.enter_context(captured(network, hosts[2]))
        cameras, clients = [], []
        for host, serial, drift in zip(hosts, serials, (50, -30, 10)):
            cameras.append(stack.enter_context(ptp_camera(network, host, "--serial", serial, drift_ppm=drift)))
        states = []
        for host in hosts:
            with client_of(network, host) as client:
                await_that(lambda: client.read_one(STATUS) in (MASTER, SLAVE))
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            states = [read_state(network, host) for host in hosts]
            if sorted(states) == [MASTER, SLAVE, SLAVE]:
                break
            time.sleep(0.5)
        checks.equal("of three alike one leads, and it is the one with the lowest identity", states, [SLAVE, MASTER, SLAVE])
        leaders = {grandmaster(camera) for camera in cameras}
        checks.equal("and all agree on who", len(leaders), 1)
        readings = []
        for host in hosts:
            with client_of(network, host) as client:
                client.take_control()
                readings.append(min((latch(client) for _ in range(20)), key=lambda reading: reading[2] - reading[0]))
        apart = [off_by(readings[1], readings[n]) for n in (0, 2)]
        checks.that("and have one time, as far as GVCP can tell", max(apart) < 1_000_000, apart)
        judge_capture(checks, capture)


def read_state(network: netns.Network, host: str) -> int:
    with client_of(network, host) as client:
        return client.read_one(STATUS)


@contextlib.contextmanager
def captured(network: netns.Network, host: str) -> Iterator[Path | None]:
    if not shutil.which("tshark"):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="gigemu-ptp-") as folder:
        file = Path(folder) / "capture.pcapng"
        command = network.command(host, "tshark", "-q", "-i", "eth0", "-f", "udp", "-w", str(file))
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            for line in process.stderr:  # Whoever captures says so when it begins.
                if "Capturing on" in line:
                    break
            yield file
        finally:
            process.terminate()
            process.communicate()


def judge_capture(checks: Checks, file: Path | None) -> None:
    if file is None:
        checks.skip("what cameras say is decoded by tshark", "tshark is not installed")
        return
    read = ["tshark", "-r", str(file), "-Y", "ptp", "-T", "fields", "-e", "ptp.v2.messagetype", "-e", "_ws.malformed"]
    done = subprocess.run(read, capture_output=True, text=True, timeout=60)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    kinds = {int(row[0], 16) for row in rows if row[0]}
    checks.equal("tshark knows all five kinds of messages", kinds, {0x0, 0x1, 0x8, 0x9, 0xB})
    checks.equal("and finds none malformed", [row for row in rows if len(row) > 1 and row[1]], [])


def without_the_right(checks: Checks, hosts: list[str]) -> None:
    """Ports below 1024 belong to root."""
    if not shutil.which("setpriv"):
        return checks.skip("a camera without the right to its ports", "setpriv is not installed")
    with netns.Network(*hosts) as network:
        without = ["setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service"]
        with ptp_camera(network, hosts[0], through=without) as camera, client_of(network, hosts[0]) as client:
            warnings = [line for line in camera.output.splitlines() if "319" in line]
            checks.that(
                "without the right to ports 319 and 320 it says so once, and how to get it",
                len(warnings) == 1 and "setcap" in warnings[0],
                camera.output,
            )
            checks.equal("its PtpStatus is Disabled", client.read_one(STATUS), DISABLED)
            checks.that("and it stays enabled", bool(client.read_one(GVCP_CONFIGURATION) & ENABLED))


def answer_for(seconds: float, master: socket.socket, response: Callable[[bytes], bytes]) -> None:
    """What a master says to requests for the delay, without which nobody takes a Sync for a measurement."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        master.settimeout(left)
        with contextlib.suppress(TimeoutError):
            request = master.recv(1024)
            if request[0] & 15 == 1:
                master.sendto(response(request), (GROUP, 320))


def wrong_port(checks: Checks, hosts: list[str]) -> None:
    """Another host announces itself as the best clock, and sends its Syncs to the port of general messages."""
    identity = struct.pack(">QH", 1, 1)

    def message(kind: int, sequence: int, body: bytes) -> bytes:
        size = 34 + len(body)
        return struct.pack(">BBHBxHq4x", kind, 2, size, 0, 0, 0) + identity + struct.pack(">HBb", sequence, 0, 0) + body

    with netns.Network(*hosts) as network:
        with ptp_camera(network, hosts[0]) as camera, client_of(network, hosts[0]) as client:
            with network.inside(hosts[1]), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                client.take_control()
                own = socket.inet_aton(network.address(hosts[1]))
                stranger.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, own)
                stranger.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + own)
                stranger.bind(("", 319))
                before = latch(client)

                def delay_response(request: bytes) -> tuple[int, bytes]:
                    """For a Sync that came when the clock read 0, it tells a path without delay."""
                    since_0_ns = before[1] + time.time_ns() - before[0]
                    at = struct.pack(">HII", 0, 868 + sequence + since_0_ns // SECOND_NS, since_0_ns % SECOND_NS)
                    return int.from_bytes(request[30:32], "big"), at + request[20:30]

                for sequence in range(WRONG_SYNCS):
                    time_of = struct.pack(">HII", 0, 868 + sequence, 0)
                    best = struct.pack(">HxBBBHBQHB", 0, 1, 6, 0x20, 0, 1, 1, 0, 0xA0)
                    for sent in (message(0xB, sequence, bytes(10) + best), message(0x0, sequence, time_of)):
                        stranger.sendto(sent, (GROUP, 320))
                    answer_for(0.5, stranger, lambda request: message(0x9, *delay_response(request)))
                    client.read_one(STATUS)  # or control would be lost
                after = latch(client)
                steps = offsets_ns(camera)
        # Its state is told with an offset of 0 while nothing is measured.
        checks.equal(
            "Syncs at the port of general messages are no measurement of the clock", [one for one in steps if one], []
        )
        apart = abs((after[1] - before[1]) - (after[0] - before[0]))
        checks.that("and it goes on as before", apart < SECOND_NS, f"{apart / 1e9:.3f} s off")


def measure(seconds: int) -> None:
    """How close a camera stays to ptp4l, with an oscillator that is 50 ppm wrong."""
    for log_sync in (0, -3):
        with netns.Network("one", "two") as network, Ptp4l(network, "one", log_sync=log_sync) as master:
            await_that(lambda: master.is_master)
            with ptp_camera(network, "two") as camera, client_of(network, "two") as client:
                began = time.monotonic()
                becomes(client, SLAVE)
                took = time.monotonic() - began
                time.sleep(10)
                first = len(offsets_ns(camera))
                time.sleep(seconds)
                offsets = offsets_ns(camera)[first:]
                delays = [int(n) for n in re.findall(r"path delay (-?\d+) ns", camera.output)][first:]
                result = {f"p{int(100 * share)}": percentile(offsets, share) for share in (0.5, 0.9, 0.99, 1)}
                print(
                    json.dumps(
                        {
                            "syncs_per_s": 2**-log_sync,
                            "slave_after_s": round(took, 1),
                            "samples": len(offsets),
                            "offset_ns": result,
                            "path_delay_ns": percentile(delays, 0.5),
                        }
                    ),
                    flush=True,
                )


SCENARIOS = [
    (follows_ptp4l, ["fa", "fb"]),
    (chooses_between_two, ["ca", "cb", "cc"]),
    (leads_ptp4l, ["la", "lb"]),
    (elect_a_master, ["ea", "eb", "ec"]),
    (without_the_right, ["wa", "wb"]),
    (wrong_port, ["xa", "xb"]),
]


def main() -> None:
    netns.require()
    if not shutil.which("ptp4l"):
        print("skip  ptp.py: ptp4l is not installed (package linuxptp)")
        sys.exit(77)
    if sys.argv[1:2] == ["--measure"]:
        return measure(int(sys.argv[2]) if len(sys.argv) > 2 else 120)
    checks = Checks()
    ask_program("--version")
    # They wait most of the time: all at once.
    threads = [threading.Thread(target=checks.section, args=scenario) for scenario in SCENARIOS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    checks.finish()


if __name__ == "__main__":
    main()
