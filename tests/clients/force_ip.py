#!/usr/bin/env python3
"""What FORCEIP and the persistent address do to the camera's host, by whoever asks: its addresses and routes are as
before when the camera is gone, whatever way it went."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass

import features
import netns
from camera import Camera
from checks import Checks
from wire import (
    ACCESS_DENIED,
    ACKNOWLEDGE,
    BROADCAST_ACK,
    CURRENT_IP,
    CURRENT_MASK,
    ERROR,
    FORCEIP,
    INVALID_PARAMETER,
    IP_CONFIGURATION,
    PERSISTENT_IP,
    PERSISTENT_MASK,
    SCCFG,
    SCDA,
    SCP,
    SERIAL,
    SUCCESS,
    Client,
    NoAnswer,
    command,
    discover_all,
    forceip_payload,
    ip_of_number,
    number_of_ip,
)
from wire_stream import StreamReceiver

LINK = "camera-network1"  # As long as a name may be.
OTHER = "other0"
HOME, HOME_OF_TWO, CLIENT, GATEWAY = "10.39.26.1", "10.39.26.11", "10.39.26.2", "10.39.26.254"
OTHER_HOME, OTHER_CLIENT, LABELLED = "10.39.27.1", "10.39.27.2", "10.39.27.11"
ELSEWHERE = "172.30.1"  # A subnet of which the camera's host has no address.
SERIALS = ["39265001", "39265002", "39265003"]
MASK = "255.255.255.0"
UNCONDITIONAL = 1 << 1
MAY_NOT = ["setpriv", "--bounding-set=-net_admin,-net_raw", "--inh-caps=-net_admin,-net_raw"]

UNUSABLE = [
    ("10.39.26.99", "255.0.255.0"),
    ("10.39.26.99", "0.255.255.0"),
    ("10.39.26.99", "0.0.0.0"),
    ("10.39.26.99", "254.0.0.0"),
    ("10.39.26.99", "255.255.255.255"),
    ("127.0.0.9", "255.0.0.0"),
    ("127.255.255.254", MASK),
    ("0.0.0.1", MASK),
    ("0.255.255.254", "255.0.0.0"),
    ("10.39.26.0", MASK),
    ("10.39.26.255", MASK),
    ("10.39.26.64", "255.255.255.192"),
    ("224.0.0.1", MASK),
    ("239.255.255.254", MASK),
    ("240.0.0.1", MASK),
    ("255.255.255.255", MASK),
]
BAD_GATEWAYS = ["10.39.27.254", "10.39.26.0", "10.39.26.255", "10.39.26.99", "255.255.255.255", "0.0.0.1"]
HARMFUL = [
    ("the host's own address on another interface", OTHER_HOME, MASK),
    ("a subnet of another interface", "10.39.27.200", MASK),
    ("a part of that subnet", "10.39.27.200", "255.255.255.128"),
    ("a subnet that holds it", "10.39.99.9", "255.255.0.0"),
    ("a subnet that a route leads to", "10.50.0.9", MASK),
    ("the gateway's address", GATEWAY, MASK),
    ("the address of the client that asks", CLIENT, MASK),
    ("its own address with a mask that its host does not have", HOME, "255.255.0.0"),
    ("the address of another camera of its host", HOME_OF_TWO, MASK),
]


@dataclass
class Site:
    """The camera's host has two interfaces, a default route, and a route to a network behind the second one."""

    network: netns.Network

    def __post_init__(self) -> None:
        host, client = self.network.name("camera"), self.network.name("client")
        netns.run("ip", "-n", host, "link", "set", "eth0", "down")
        netns.run("ip", "-n", host, "link", "set", "eth0", "name", LINK, "up")
        netns.run("ip", "-n", host, "link", "add", OTHER, "type", "veth", "peer", "name", OTHER, "netns", client)
        for name, interface, address in (
            (host, LINK, HOME_OF_TWO),
            (host, OTHER, OTHER_HOME),
            (client, OTHER, OTHER_CLIENT),
            (client, "eth0", f"{ELSEWHERE}.1"),
        ):
            netns.run("ip", "-n", name, "link", "set", interface, "up")
            netns.run("ip", "-n", name, "address", "add", f"{address}/24", "brd", "+", "dev", interface)
        netns.run(
            "ip", "-n", host, "address", "add", f"{LABELLED}/24", "label", f"{OTHER}:cam", "dev", OTHER
        )
        netns.run("ip", "-n", host, "route", "add", "default", "via", GATEWAY)
        netns.run("ip", "-n", host, "route", "add", "10.50.0.0/16", "via", OTHER_CLIENT)
        # With the first address of a subnet the others would go, too.
        for scope in ("all", LINK):
            setting = f"/proc/sys/net/ipv4/conf/{scope}/promote_secondaries"
            netns.run(*self.network.command("camera", "sh", "-c", f"echo 0 > {setting}"))
        self.at_first = self.state()

    @property
    def host(self) -> str:
        return self.network.name("camera")

    def state(self) -> tuple[list[str], list[str]]:
        """Addresses and routes, as the ip command tells them."""
        return self._ask("address"), self._ask("route")

    def added(self) -> list[str]:
        """What addresses there are now, beside those at first."""
        return [
            f"{one['local']}/{one['prefixlen']}"
            for one in map(json.loads, self._ask("address"))
            if json.dumps(one, sort_keys=True) not in self.at_first[0]
        ]

    def _ask(self, what: str) -> list[str]:
        told = subprocess.run(["ip", "-n", self.host, "-j", "-4", what], check=True, capture_output=True, text=True)
        rows = json.loads(told.stdout)
        if what == "address":
            rows = [{"interface": row["ifname"], **one} for row in rows for one in row["addr_info"]]
        return sorted(json.dumps(row, sort_keys=True) for row in rows)

    def camera(self, *options: str, **named: object) -> Camera:
        return Camera("--http", "off", *options, netns=self.host, **named)


def force(client: Client, mac: bytes, ip: str, mask: str = MASK, gateway: str = "0.0.0.0") -> int | None:
    """The status of the acknowledge; None if none comes before the camera answers the next question."""
    request_id = client.next_id()
    client.send(command(FORCEIP, forceip_payload(mac, ip, mask, gateway), request_id))
    try:
        return client.await_ack(request_id, 1.0).status
    except NoAnswer:
        return None


def found(own: str = CLIENT) -> dict[str, str]:
    """Who answers a broadcast: serial number and address."""
    answers = discover_all("255.255.255.255", own, 0.5, ACKNOWLEDGE | BROADCAST_ACK)
    return {one.payload[SERIAL : SERIAL + 8].decode(): ip_of_number(int.from_bytes(one.payload[36:40], "big"))
            for one in answers}


def unusable(checks: Checks, site: Site) -> None:
    with Client(HOME) as client:
        mac = client.mac()
        for ip, mask in UNUSABLE:
            checks.equal(f"FORCEIP to {ip} mask {mask} is refused", force(client, mac, ip, mask), INVALID_PARAMETER)
        for gateway in BAD_GATEWAYS:
            status = force(client, mac, "10.39.26.99", MASK, gateway)
            checks.equal(f"FORCEIP with the gateway {gateway} is refused", status, INVALID_PARAMETER)
        checks.equal("the camera is where it was", client.read_one(CURRENT_IP), number_of_ip(HOME))
        checks.equal("and its host as it was", site.state(), site.at_first)


def harmful(checks: Checks, site: Site) -> None:
    with Client(HOME) as client:
        mac = client.mac()
        for what, ip, mask in HARMFUL:
            checks.equal(f"FORCEIP to {what} is refused", force(client, mac, ip, mask), ERROR)
        checks.equal("the camera is where it was", client.read_one(CURRENT_IP), number_of_ip(HOME))
        checks.equal("and its host as it was", site.state(), site.at_first)


def while_controlled(checks: Checks, site: Site) -> None:
    with Client(HOME) as owner, Client(HOME) as other:
        mac = owner.mac()
        for privilege in (1, 2, 6):
            owner.take_control(privilege)
            datagram = command(FORCEIP, forceip_payload(mac, "10.39.26.99", MASK), 77)
            checks.silent(f"FORCEIP by another client while the privilege is {privilege} is dropped", other, datagram)
            owner.release_control()
        checks.equal("the host is as it was", site.state(), site.at_first)


def two_cameras(checks: Checks, site: Site) -> None:
    one, two, three = (f"{ELSEWHERE}.{n}" for n in (101, 102, 103))
    with Client(HOME) as client, Client(HOME_OF_TWO) as client_of_two:
        mac, mac_of_two = client.mac(), client_of_two.mac()
        checks.equal("the first camera moves", force(client, mac, one), SUCCESS)
        checks.equal("the second camera moves", force(client_of_two, mac_of_two, two), SUCCESS)
    where = dict(zip(SERIALS, (one, two)))
    checks.equal(f"both are found on {LINK}", found(f"{ELSEWHERE}.1"), where)
    checks.equal("their addresses are the host's", site.added(), [f"{one}/24", f"{two}/24"])
    with Client(one) as client, Client(three) as moved, Client(two) as client_of_two:
        checks.equal("none gets the address of the other", force(client, mac, two), ERROR)
        checks.equal("the first moves on", force(client, mac, three), SUCCESS)
        checks.equal("and leaves nothing behind", site.added(), [f"{two}/24", f"{three}/24"])
        checks.equal("the second is where it was", client_of_two.read_one(CURRENT_IP), number_of_ip(two))
        checks.equal("another mask is another mask", force(moved, mac, three, "255.255.0.0"), SUCCESS)
        checks.equal("on the host", site.added(), [f"{two}/24", f"{three}/16"])
        checks.equal("and in the register", moved.read_one(CURRENT_MASK), number_of_ip("255.255.0.0"))
        checks.equal("and back", force(moved, mac, three), SUCCESS)
    where[SERIALS[0]] = three
    checks.equal("both are found again", found(f"{ELSEWHERE}.1"), where)
    half = f"{netns.SUBNET}.201"
    with Client(three) as client, Client(half) as moved:
        checks.equal("a part of the host's subnet will do", force(client, mac, half, "255.255.255.128"), SUCCESS)
        checks.equal("without a route for the host", site.state()[1], routes_with(site, two))
        checks.equal("and it can be talked to", moved.read_one(CURRENT_IP), number_of_ip(half))
        checks.equal("back again", force(moved, mac, three), SUCCESS)


def routes_with(site: Site, address: str) -> list[str]:
    """The routes at first, and the one that comes with an address elsewhere."""
    route = {"dst": f"{ELSEWHERE}.0/24", "dev": LINK, "protocol": "kernel", "scope": "link", "prefsrc": address}
    return sorted([*site.at_first[1], json.dumps({**route, "flags": []}, sort_keys=True)])


def unconditional_stream(checks: Checks, site: Site) -> None:
    there = f"{ELSEWHERE}.104"
    with Client(f"{ELSEWHERE}.102", f"{ELSEWHERE}.1") as client, Client(there) as moved:
        mac = client.mac()
        receiver = StreamReceiver(f"{ELSEWHERE}.1", client.camera[0])
        with receiver:
            client.take_control()
            client.write((SCDA, number_of_ip(f"{ELSEWHERE}.1")), (SCP, receiver.port), (SCCFG, UNCONDITIONAL))
            features.put(client, "AcquisitionStart", 1)
            receiver.collect(3)
            client.release_control()
            checks.equal("a camera that streams to nobody's order moves", force(client, mac, there), SUCCESS)
            packets = [receiver.await_packet() for _ in range(400)]
            late = [one for one in packets if one.sender[0] == there]
            checks.that("its stream goes on from there", len(late) > 100, f"{len(late)} of {len(packets)} packets")
            checks.that("and blocks count on", all(one.block > 3 for one in late))
            checks.that("to a client who can end it", ended(moved, receiver))


def ended(client: Client, receiver: StreamReceiver) -> bool:
    client.take_control()
    features.put(client, "AcquisitionStop", 1)
    client.write((SCCFG, 0), (SCP, 0))
    client.release_control()
    return receiver.fell_silent(0.5, 5.0)


def labelled(checks: Checks, site: Site) -> None:
    """At an address with a label, and without the rights of root."""
    with site.camera("--serial", SERIALS[2], address=LABELLED, through=MAY_NOT) as camera:
        with site.network.inside("client"):
            checks.equal("a labelled address: found on its own network", found(OTHER_CLIENT), {SERIALS[2]: LABELLED})
            checks.that("and not on another", SERIALS[2] not in found(CLIENT))
            with Client(LABELLED) as client:
                mac, before = client.mac(), site.state()
                refused = {force(client, mac, "10.39.27.99") for _ in range(5)}
                checks.equal("without the right to add addresses FORCEIP is denied", refused, {ACCESS_DENIED})
                checks.equal("and changes nothing", site.state(), before)
                checks.equal("to an address that its host has it moves", force(client, mac, OTHER_HOME), SUCCESS)
            with Client(OTHER_HOME) as client:
                checks.equal("where it is found", client.read_one(CURRENT_IP), number_of_ip(OTHER_HOME))
        checks.equal("one line in the log says so", camera.output.count("CAP_NET_ADMIN"), 1)


def killed(checks: Checks, site: Site, camera: Camera, folder: str) -> None:
    left = site.added()
    camera.process.kill()
    camera.process.wait()
    camera.process.returncode = 0  # Killed on purpose.
    checks.equal("a camera that is killed leaves its address", site.added(), left)
    with site.camera("--serial", SERIALS[2], "--state-dir", folder, "--fixed-address", interface=LINK):
        checks.equal(
            "the next one removes it, and not that of a camera that lives", site.added(), [f"{ELSEWHERE}.104/24"]
        )
        with site.network.inside("client"), Client(HOME) as client:
            for ip, mask in (("10.39.26.99", MASK), (HOME_OF_TWO, MASK), (HOME, "255.255.0.0")):
                status = force(client, client.mac(), ip, mask)
                checks.equal(f"--fixed-address refuses {ip} mask {mask}", status, ACCESS_DENIED)
            unchanged = force(client, client.mac(), HOME, MASK, GATEWAY)
            checks.equal("what it has already is no change", unchanged, SUCCESS)


def persistent(checks: Checks, site: Site, folder: str) -> None:
    state = ["--serial", SERIALS[2], "--state-dir", folder]
    there = "10.39.26.77"
    with site.camera(*state, interface=LINK) as camera, site.network.inside("client"), Client(HOME) as client:
        mac = client.mac()
        client.take_control()
        client.write((PERSISTENT_IP, number_of_ip(there)), (PERSISTENT_MASK, number_of_ip("255.0.255.0")))
        client.write((IP_CONFIGURATION, 5))
        client.release_control()
        client.force_ip(mac)
        checks.equal("an unusable persistent address is not adopted", client.read_one(CURRENT_IP), number_of_ip(HOME))
        checks.that("and the log says so", f"{there} is not adopted" in camera.output, camera.output)
        client.take_control()
        client.write((PERSISTENT_MASK, number_of_ip(MASK)))
        client.release_control()
    checks.equal("the host is as it was", site.state(), site.at_first)
    with site.camera(*state, interface=LINK) as camera, site.network.inside("client"):
        checks.equal("at power-up the camera adopts it", camera.ready_line.split()[-1], f"{there}:3956")
        checks.equal("where it is found", found(), {SERIALS[2]: there})
        checks.equal("as the host knows", site.added(), [f"{there}/24"])
    for options, where in ((["--fixed-address"], {"interface": LINK}), ([], {"address": HOME})):
        what = " ".join(options) or "--address"
        with site.camera(*state, *options, **where) as camera:
            checks.equal(f"{what} outranks it", camera.ready_line.split()[-1], f"{HOME}:3956")
            said = [line for line in camera.output.splitlines() if f"{there} is not adopted" in line]
            checks.that("and the log says so", len(said) == 1 and what in said[0], camera.output)
    checks.equal("the host is as it was", site.state(), site.at_first)


def main() -> None:
    netns.require()
    checks = Checks()
    with netns.Network("camera", "client") as network, tempfile.TemporaryDirectory() as folder:
        site = Site(network)
        with site.camera(address=HOME) as one:
            with site.camera("--serial", SERIALS[1], address=HOME_OF_TWO):
                with network.inside("client"):
                    features.configure(HOME_OF_TWO, own=CLIENT)
                    for section in (unusable, harmful, while_controlled, two_cameras, unconditional_stream):
                        checks.section(section, site)
                checks.section(killed, site, one, folder)
        checks.equal("when they are gone the host is as it was", site.state(), site.at_first)
        checks.section(labelled, site)
        checks.section(persistent, site, folder)
        checks.equal("in the end, too", site.state(), site.at_first)
    checks.finish()


if __name__ == "__main__":
    main()
