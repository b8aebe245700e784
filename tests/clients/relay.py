#!/usr/bin/python3
"""`gigemu relay` in place of a camera that only a published port leads to: Aravis and a plain client find it, control it
and stream from it, where the camera reaches the relay's host, and where it may only answer."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import features
import netns
from camera import Camera, program
from checks import Checks
from session import Session
from wire import (
    ACCESS_DENIED,
    CURRENT_IP,
    FORCEIP,
    MCDA,
    MCP,
    OWNER_IP,
    OWNER_PORT,
    PORT,
    SCDA,
    SCP,
    SCSP,
    Client,
    EventReceiver,
    command,
    discover_all,
    forceip_payload,
    ip_of_number,
    number_of_ip,
)

PUBLISHED = ("127.0.0.1", 13956)
RELAY = "127.0.0.1"
READY = "gigemu relay ready"
SMALL = {"Width": 528, "Height": 64, "ExposureAuto": "Off", "ExposureTime": 2000.0}
SESSION = Path(__file__).with_name("aravis_session.py")


class PublishedPort:
    """What a container's proxy does with `-p 127.0.0.1:13956:3956/udp`: each client has a socket of its own towards the
    camera, and what the camera answers there goes back. `towards` makes that socket."""

    def __init__(self, listener: socket.socket, towards: netns.Network, host: str, camera: str) -> None:
        self._listener, self._network, self._host, self._camera = listener, towards, host, camera
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> PublishedPort:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        clients: dict[tuple[str, int], socket.socket] = {}
        while not self._ends.is_set():
            readable, _, _ = select.select([self._listener, *clients.values()], [], [], 0.1)
            for one in readable:
                with contextlib.suppress(OSError):  # A peer that is not there.
                    if one is self._listener:
                        datagram, client = one.recvfrom(65536)
                        if client not in clients:
                            clients[client] = self._towards_camera()
                        clients[client].send(datagram)
                    else:
                        client = next(key for key, value in clients.items() if value is one)
                        self._listener.sendto(one.recv(65536), client)
        for one in clients.values():
            one.close()

    def _towards_camera(self) -> socket.socket:
        with self._network.inside(self._host):
            one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        one.connect((self._camera, PORT))
        return one


@contextlib.contextmanager
def published(network: netns.Network, through: str) -> Iterator[None]:
    with network.inside("host"):
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(PUBLISHED)
    with PublishedPort(listener, network, through, network.address("camera")):
        yield


@contextlib.contextmanager
def relay(network: netns.Network, address: str, *options: str) -> Iterator[Path]:
    """A running relay on the host; what it prints is in the file."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        with output.open("w") as file:
            words = [program(), "relay", "%s:%d" % PUBLISHED, "--address", address, *options]
            process = subprocess.Popen(network.command("host", *words), stdout=file, stderr=file)
        try:
            deadline = time.monotonic() + 30
            while READY not in output.read_text():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the relay is not ready: {output.read_text()}")
                time.sleep(0.02)
            yield output
        finally:
            process.terminate()
            if process.wait(10) != 0:
                raise RuntimeError(f"the relay ended with {process.returncode}")


def aravis(checks: Checks, network: netns.Network) -> None:
    def tool(*words: str) -> str:
        return subprocess.run(network.command("host", "arv-tool-0.8", *words), capture_output=True, text=True, timeout=60).stdout

    listed = tool()
    checks.that("arv-tool lists it at the relay's address", f"({RELAY})" in listed and listed.count("39GX265") == 1, listed)
    read = tool("control", "ExposureAuto=Off", "ExposureTime=3000", "ExposureTime")
    checks.that("and controls it", "ExposureTime = 3000" in read, read)
    session = network.command("host", "/usr/bin/python3", str(SESSION), RELAY, "5")
    done = subprocess.run(session, capture_output=True, text=True, timeout=120)
    frames = json.loads(done.stdout)["frames"] if done.returncode == 0 else done.stderr
    checks.equal("Aravis streams from it", frames, 5)


def as_the_camera(checks: Checks, network: netns.Network, own: str) -> None:
    """A client cannot tell the relay from the camera."""
    with network.inside("host"):
        found = discover_all(own, own, 0.5)
        checks.equal("it answers a discovery", len(found), 1)
        ip = found[0].payload[CURRENT_IP : CURRENT_IP + 4]
        checks.equal("with its own address", socket.inet_ntoa(ip), own)
        features.configure(own, SMALL, own)
        with Session(own, own) as session:
            ends = session.client.read(SCDA, SCP, SCSP, OWNER_IP, OWNER_PORT, CURRENT_IP)
            wanted = [number_of_ip(own), session.receiver.port, ends[2], number_of_ip(own), session.client.port]
            checks.equal("registers tell the client's own ends", ends, [*wanted, number_of_ip(own)])
            memory = session.client.read_memory(SCDA, 4)
            checks.equal("by READMEM as well", ip_of_number(int.from_bytes(memory, "big")), own)
            session.start()
            blocks = session.receiver.collect(3)
            checks.equal("the stream comes", [len(block.data) for block in blocks], [528 * 64] * 3)
            checks.equal("from where SCSP says", blocks[0].packets[0].sender, (own, ends[2]))
            resends(checks, session, blocks[-1].id)
            strangers(checks, session, own)
            events(checks, session, own)


def resends(checks: Checks, session: Session, block: int) -> None:
    session.put("AcquisitionStop")
    session.receiver.drain(0.3)
    session.receiver.ask_again(block, 1, 1, False)
    packet = session.receiver.receive(5.0)
    checks.equal("a packet comes again", packet and (packet.block, packet.id), (block, 1))


def strangers(checks: Checks, session: Session, own: str) -> None:
    with Client(own, own) as stranger:
        checks.refused("who has no control cannot turn the stream", ACCESS_DENIED, lambda: stranger.write((SCP, 1234)))
        payload = forceip_payload(stranger.mac(), "10.99.0.1", "255.0.0.0")
        checks.status("FORCEIP is denied", stranger.ask(FORCEIP, payload), ACCESS_DENIED)
        other = forceip_payload(bytes(6), "10.99.0.1", "255.0.0.0")
        checks.silent("that of another device is none of its business", stranger, command(FORCEIP, other, 7))
        checks.refused("control is not to be had", ACCESS_DENIED, lambda: stranger.take_control())
    for _ in range(40):
        with Client(own, own) as stranger:
            stranger.read_one(CURRENT_IP)
    checks.equal("whoever asks, the client keeps control", session.read(OWNER_PORT), session.client.port)
    checks.equal("and its stream", session.read(SCP), session.receiver.port)


def events(checks: Checks, session: Session, own: str) -> None:
    with EventReceiver(own) as receiver:
        session.put("EventSelector", "Test")
        session.put("EventNotification", "On")
        session.write(MCDA, number_of_ip(own))
        session.write(MCP, receiver.address[1])
        checks.equal("the message port reads as written", session.read(MCP), receiver.address[1])
        session.put("TestEventGenerate")
        checks.equal("an event comes, and is acknowledged", len(receiver.take()), 1)
        with contextlib.suppress(Exception):
            receiver.take(0.8)
            checks.that("once", False)


def camera_only_answers(checks: Checks, network: netns.Network) -> None:
    """Nothing joins the networks of camera and host, but the published port."""
    netns.run("ip", "-n", network.name("host"), "link", "set", "eth0", "down")
    camera = Camera("--single-port", "--http", "off", address=network.address("camera"), netns=network.name("camera"))
    with camera, published(network, "camera"), relay(network, RELAY, "--log-level", "warning") as output:
        checks.equal("its stream reaches the relay as an answer", output.read_text().count("warning"), 0)
        aravis(checks, network)
        as_the_camera(checks, network, RELAY)
    netns.run("ip", "-n", network.name("host"), "link", "set", "eth0", "up")


def camera_reaches_the_host(checks: Checks, network: netns.Network) -> None:
    """As on a bridge: the camera may send to the host."""
    own = network.address("host")
    camera = Camera("--http", "off", address=network.address("camera"), netns=network.name("camera"))
    with camera, published(network, "host"), relay(network, own):
        as_the_camera(checks, network, own)
        with network.inside("host"), Session(own, own, group="239.39.26.9") as session:
            session.start()
            checks.equal("a group receives it, too", len(session.receiver.collect(2)), 2)


def no_way_back(checks: Checks, network: netns.Network) -> None:
    netns.run("ip", "-n", network.name("host"), "link", "set", "eth0", "down")
    camera = Camera("--http", "off", address=network.address("camera"), netns=network.name("camera"))
    with camera, published(network, "camera"), relay(network, RELAY) as output:
        said = output.read_text()
        checks.that("where no stream can reach the relay it says what to do", "--single-port" in said, said)
        with network.inside("host"), Client(RELAY, RELAY) as client:
            checks.equal("and control is as ever", client.read_text(0xD8, 16), "39265001")


def main() -> None:
    netns.require()
    checks = Checks()
    with netns.Network("camera", "host") as network:
        checks.section(camera_reaches_the_host, network)
        checks.section(camera_only_answers, network)
        checks.section(no_way_back, network)
    checks.finish()


if __name__ == "__main__":
    main()
