#!/usr/bin/env python3
"""--own-address: the camera has an address by DHCP, by itself where no server answers, or as its registers say; its host keeps
what it had, whatever way the camera goes."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import netns
from camera import Camera
from checks import SKIPPED, Checks
from wire import CURRENT_IP, IP_CONFIGURATION, PERSISTENT_IP, PERSISTENT_MASK, Client, discover_all, ip_of_number, number_of_ip

LINK_LOCAL_ONLY, WITH_PERSISTENT, WITH_DHCP = 4, 5, 6
LEASED = "10.39.26.77"
BOUND_S = 30


def addresses(network: netns.Network) -> list[str]:
    told = subprocess.run(
        ["ip", "-n", network.name("camera"), "-j", "-4", "address"], check=True, capture_output=True, text=True
    )
    rows = json.loads(told.stdout)
    return sorted(f"{row['ifname']} {one['local']}/{one['prefixlen']}" for row in rows for one in row["addr_info"])


@contextlib.contextmanager
def server(network: netns.Network, folder: Path) -> Iterator[Path]:
    """dnsmasq, which leases one address."""
    log = folder / "dnsmasq.log"
    command = ["dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0", "--log-dhcp", "--interface=eth0"]
    command += [f"--dhcp-range={LEASED},{LEASED},255.255.255.0,2m", f"--dhcp-leasefile={folder / 'leases'}"]
    command += [f"--pid-file={folder / 'pid'}", "--user=root", "--no-ping"]
    with log.open("w") as file:
        process = subprocess.Popen(network.command("client", *command), stdout=file, stderr=file)
    try:
        deadline = time.monotonic() + BOUND_S
        while "IP range" not in log.read_text():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text())
            time.sleep(0.02)
        yield log
    finally:
        process.terminate()
        process.wait()


def await_true(what: object) -> bool:
    deadline = time.monotonic() + BOUND_S
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.05)
    return False


def found(network: netns.Network) -> list[str]:
    """Who answers a discovery, by the register of the current address."""
    with network.inside("client"):
        answers = discover_all("255.255.255.255", network.address("client"), 0.5)
    return [socket.inet_ntoa(one.payload[CURRENT_IP : CURRENT_IP + 4]) for one in answers]


def camera(network: netns.Network, folder: Path, configuration: int, **more: int) -> Camera:
    (folder / "39265001.json").write_text(json.dumps({"ip_configuration": configuration, **more}))
    options = ["--own-address", "--http", "off", "--state-dir", str(folder)]
    return Camera(*options, interface="eth0", netns=network.name("camera"), log_level="info")


def dhcp(checks: Checks, network: netns.Network, folder: Path) -> None:
    before = addresses(network)
    with server(network, folder) as log:
        with camera(network, folder, WITH_DHCP) as running:
            checks.that("the ready line has the leased address", LEASED in running.ready_line, running.output)
            checks.equal("clients find it there, and nowhere else", found(network), [LEASED])
            with network.inside("client"), Client(LEASED, network.address("client")) as client:
                checks.equal("and the methods are as written", client.read_one(IP_CONFIGURATION), WITH_DHCP)
                mac = ":".join(f"{byte:02x}" for byte in client.mac())
            checks.that("the server knows it by its hardware address", mac in log.read_text(), log.read_text())
            running.end(signal.SIGKILL)
            running.process.returncode = 0  # Killed on purpose.
        checks.that("a camera that is killed leaves its address", addresses(network) != before)
        with camera(network, folder, WITH_DHCP):
            checks.equal("the next one has it again, once", len(addresses(network)), len(before) + 1)
        checks.equal("and leaves the host as it was", addresses(network), before)
        netns.run("ip", "-n", network.name("camera"), "address", "flush", "dev", "eth0")
        with camera(network, folder, WITH_DHCP):
            checks.equal("an interface needs no address of the host's", found(network), [LEASED])


class ShortLease(threading.Thread):
    """A DHCP server whose leases end after three seconds and are to be renewed after one; `serves` ends them."""

    def __init__(self, network: netns.Network) -> None:
        super().__init__(daemon=True)
        with network.inside("client"):
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
        self.socket.bind(("", 67))
        self.server = socket.inet_aton(network.address("client"))
        self.renewals, self.serves = 0, True

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                datagram, sender = self.socket.recvfrom(2048)
                discovers, renews = datagram[242] == 1, datagram[12:16] != bytes(4)
                if not self.serves:
                    continue
                self.renewals += renews
                options = bytes([53, 1, 2 if discovers else 5, 54, 4]) + self.server
                options += bytes([1, 4, 255, 255, 255, 0]) + struct.pack(">BBIBBI", 51, 4, 3, 58, 4, 1) + b"\xff"
                answer = bytes([2, 1, 6, 0]) + datagram[4:12] + bytes(4) + socket.inet_aton(LEASED) + bytes(8)
                answer += datagram[28:34] + bytes(202) + bytes.fromhex("63825363") + options
                self.socket.sendto(answer, sender if renews else ("255.255.255.255", 68))


def renewal(checks: Checks, network: netns.Network, folder: Path) -> None:
    netns.run("ip", "-n", network.name("camera"), "address", "flush", "dev", "eth0")
    before = addresses(network)
    server = ShortLease(network)
    server.start()
    with camera(network, folder, WITH_DHCP) as running:
        checks.that("a lease is renewed, again and again", await_true(lambda: server.renewals >= 2), running.output)
        checks.that("and not changed by that", "is at" not in running.output, running.output)
        server.serves = False
        ended = await_true(lambda: f"lease of {LEASED} has ended" in running.output)
        checks.that("without a server it ends", ended, running.output)
        gone = await_true(lambda: not any(LEASED in one for one in addresses(network)))
        checks.that("and the address leaves the host", gone, addresses(network))
    server.socket.close()
    checks.equal("which is as it was", addresses(network), before)


def persistent(checks: Checks, network: netns.Network, folder: Path) -> None:
    before = addresses(network)
    wanted = "10.39.26.88"
    stored = {"persistent_ip": number_of_ip(wanted), "persistent_mask": number_of_ip("255.255.255.0")}
    with server(network, folder), camera(network, folder, WITH_DHCP | 1, **stored):
        checks.equal("the persistent address comes first", found(network), [wanted])
    checks.equal("and goes with it", addresses(network), before)


def link_local(checks: Checks, network: netns.Network, folder: Path) -> None:
    before = addresses(network)
    with camera(network, folder, LINK_LOCAL_ONLY) as running:
        first = found(network)
        checks.that("without DHCP it has a link-local address", len(first) == 1 and first[0].startswith("169.254."), first)
        with network.inside("client"):
            # Another host claims it: it is defended once, and given up the second time.
            link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            link.bind(("eth0", 0))
            claim = arp_claim(first[0])
            link.send(claim)
            link.send(claim)
        moved = await_true(lambda: "is at 169.254" in running.output.split(" leaves it", 1)[-1])
        checks.that("that another host claims twice it leaves", moved and found(network) != first, running.output)
        second = found(network)
    netns.run("ip", "-n", network.name("client"), "address", "add", f"{first[0]}/16", "dev", "eth0")
    with camera(network, folder, LINK_LOCAL_ONLY):
        checks.equal("an address that another host has is never taken", found(network), second)
    netns.run("ip", "-n", network.name("client"), "address", "delete", f"{first[0]}/16", "dev", "eth0")
    checks.equal("the host is as it was", addresses(network), before)


def arp_claim(ip: str) -> bytes:
    mac, address = bytes.fromhex("020000000001"), socket.inet_aton(ip)
    return b"\xff" * 6 + mac + struct.pack(">HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1) + mac + address + bytes(6) + address


def main() -> None:
    netns.require()
    if not shutil.which("dnsmasq"):
        print("skip  own_address.py: no dnsmasq (dnsmasq-base)")
        sys.exit(SKIPPED)
    checks = Checks()
    for section in (dhcp, renewal, persistent, link_local):
        with netns.Network("camera", "client") as network, tempfile.TemporaryDirectory() as folder:
            checks.section(section, network, Path(folder))
    checks.finish()


if __name__ == "__main__":
    main()
