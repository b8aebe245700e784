"""A stream beside floods of what anybody on the network may send."""

from __future__ import annotations

import contextlib
import multiprocessing
import socket
import statistics
import struct
import threading
import time
from collections.abc import Callable

from servers import CAMERA, OWN, Gigemu, gigemu, streaming
from tables import Effort, Table
from whole_camera import lost
from wire import CCP, DISCOVERY, HEARTBEAT, PORT, READREG, Client, NoAnswer, command, resend_command

STRANGER, HTTP_PORT, CONNECTIONS = "127.0.0.3", 8080, 1000
RATE_HZ = 36
HEARTBEAT_MS, BETWEEN_S = 3000, 0.5


def paced(count: multiprocessing.Value, per_second: int, one: Callable[[int, float], None]) -> None:
    """So many a second, as evenly as this host allows."""
    began = time.monotonic()
    while True:
        passed = time.monotonic() - began
        while count.value < passed * per_second:
            one(count.value, passed)
            count.value += 1
        time.sleep(0.0005)


def commands(count: multiprocessing.Value, per_second: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind((STRANGER, 0))
        sent = (command(DISCOVERY), command(READREG, struct.pack(">I", CCP)))
        paced(count, per_second, lambda n, _: stranger.sendto(sent[n % 2], (CAMERA, PORT)))


def resends(count: multiprocessing.Value, per_second: int, address: str) -> None:
    """For single packets of blocks that have just been sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((address, 0))
        paced(
            count,
            per_second,
            lambda n, passed: other.sendto(
                resend_command(max(1, int(passed * RATE_HZ)), n % 2000, n % 2000, False), (CAMERA, PORT)
            ),
        )


def connections(count: multiprocessing.Value) -> None:
    """Connections that say nothing; those that the camera ends are made anew."""
    held: list[socket.socket] = []
    while True:
        while len(held) < CONNECTIONS:
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex((CAMERA, HTTP_PORT))
            held.append(one)
            count.value += 1
        alive = []
        for one in held:
            with contextlib.suppress(BlockingIOError):
                if not one.recv(1):
                    one.close()
                    continue
            alive.append(one)
        held = alive
        time.sleep(0.05)


FLOODS: dict[str, tuple[Callable, tuple]] = {
    "50 000 commands a second of a stranger": (commands, (50_000,)),
    "2000 PACKETRESEND_CMD a second of a stranger": (resends, (2000, STRANGER)),
    "2000 PACKETRESEND_CMD a second from the receiver's address": (resends, (2000, OWN)),
    f"{CONNECTIONS} HTTP connections": (connections, ()),
}


class Heartbeats:
    """The controlling application, which asks twice a second for its privilege."""

    def __init__(self, client: Client) -> None:
        self.client, self.sent, self.missed = client, 0, 0
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        while not self.ends.wait(BETWEEN_S):
            self.sent += 1
            try:
                self.missed += self.client.read_one(CCP) == 0
            except NoAnswer:
                self.missed += 1

    def __enter__(self) -> Heartbeats:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ends.set()
        self.thread.join()


def flooded(own: Gigemu, flood: Callable, given: tuple, seconds: float) -> dict:
    """What the sink counted, how often the flood came, and what became of control."""
    count = multiprocessing.Value("q", 0, lock=False)
    attacker = multiprocessing.Process(target=flood, args=(count, *given), daemon=True)
    with streaming(own, 1500, "--skip", "1", "--seconds", str(seconds), fastest=True) as (client, sink):
        client.write((HEARTBEAT, HEARTBEAT_MS))
        attacker.start()
        try:
            with Heartbeats(client) as heartbeats:
                own.command(client, "AcquisitionStart")
                result = sink.result()
        finally:
            attacker.kill()
            attacker.join()
        kept = client.read_one(CCP) != 0
    return result | {"came": count.value, "heartbeats": heartbeats, "kept": kept}


def tables(effort: Effort) -> list[Table]:
    seconds = 3 * effort.cell_s
    table = Table(
        "A stream beside floods",
        ("flood", "came a second", "control kept", "heartbeats without an answer", "frames", "lost, median", "lost, each run"),
        f"{seconds:.0f} s each, still scene at 36 Hz, packets of 1500 bytes, all on this machine; the heartbeat timeout "
        "is 3 s. Half of the commands are DISCOVERY_CMD, half READREG_CMD. A frame is lost if packets of it are missing.",
    )
    with gigemu("--http", f"{CAMERA}:{HTTP_PORT}") as own:
        for name, (flood, given) in FLOODS.items():
            runs = [flooded(own, flood, given, seconds) for _ in range(effort.cell_runs)]
            missing = [lost([run]) for run in runs]
            table.add(
                name,
                f"{statistics.median(run['came'] / run['seconds'] for run in runs):.0f}",
                "yes" if all(run["kept"] for run in runs) else "NO",
                f"{sum(run['heartbeats'].missed for run in runs)} of {sum(run['heartbeats'].sent for run in runs)}",
                sum(run["blocks"] for run in runs),
                f"{statistics.median(missing):.0f}",
                ", ".join(map(str, missing)),
            )
    return [table]
