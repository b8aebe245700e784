#!/usr/bin/env python3
"""How a camera is found, how its address is changed, and what it remembers without power."""

from __future__ import annotations

import contextlib
import struct
import tempfile

import netns
from camera import Camera
from checks import Checks
from wire import (
    ACKNOWLEDGE,
    BROADCAST_ACK,
    CURRENT_IP,
    DISCOVERY,
    DISCOVERY_BYTES,
    DISCOVERY_DELAY,
    FORCEIP,
    IP_CONFIGURATION,
    PERSISTENT_GATEWAY,
    PERSISTENT_IP,
    PERSISTENT_MASK,
    SERIAL,
    SUCCESS,
    USER_NAME,
    Client,
    NoAnswer,
    command,
    discover_all,
    forceip_payload,
    ip_of_number,
    number_of_ip,
)

CAMERA, ELSEWHERE = "127.0.0.1", "127.0.77.7"
GAPS = [(8, 10), (24, 36), (40, 52), (56, 68)]


def discovery(checks: Checks) -> None:
    with Client(CAMERA) as client:
        image = client.discover()
        checks.equal("a discovery acknowledge has 248 bytes", len(image), DISCOVERY_BYTES)
        checks.equal("they are the first registers", image, client.read_memory(0, DISCOVERY_BYTES))
        checks.equal(
            "what is reserved in it is zero", b"".join(image[a:b] for a, b in GAPS).strip(b"\0"), b""
        )
        checks.equal("it tells the address", image[36:40], struct.pack(">I", number_of_ip(CAMERA)))
        checks.equal("and the serial number", image[SERIAL : SERIAL + 8], b"39265001")
        for request_id in (0xFFFF, 0xFFFF, 1, 1):
            client.send(command(DISCOVERY, request_id=request_id))
        ids = [client.receive().request_id for _ in range(4)]
        checks.equal("every discovery is answered, the same number or not", ids, [0xFFFF, 0xFFFF, 1, 1])
        client.take_control()
        client.write((DISCOVERY_DELAY, 200))
        checks.equal("with a delay it is answered as well", len(client.discover()), DISCOVERY_BYTES)
        client.write((DISCOVERY_DELAY, 0))
        client.release_control()


def broadcast_on_loopback(checks: Checks) -> None:
    for target in ("255.255.255.255", "127.255.255.255"):
        found = discover_all(target, CAMERA, 0.5)
        checks.equal(f"a discovery to {target} finds it", {ack.sender[0] for ack in found}, {CAMERA})


def force_ip(checks: Checks) -> None:
    with Client(CAMERA) as client, Client(ELSEWHERE) as there:
        mac = client.mac()
        owned = command(FORCEIP, forceip_payload(mac, ELSEWHERE, "255.0.0.0"), 90)
        client.take_control()
        checks.silent("a FORCEIP to a controlled camera is dropped", client, owned)
        checks.equal("it is where it was", client.read_one(CURRENT_IP), number_of_ip(CAMERA))
        client.release_control()
        wrong = bytes([mac[0] ^ 0xFF]) + mac[1:]
        checks.silent(
            "one for another MAC likewise", client, command(FORCEIP, forceip_payload(wrong, ELSEWHERE), 91)
        )
        client.send(owned)
        ack = client.await_ack(90)
        checks.equal(
            "one for it is acknowledged from the new address",
            (ack.status, ack.payload, ack.sender),
            (SUCCESS, b"", (ELSEWHERE, 3956)),
        )
        checks.equal("where the camera says that it is", there.read_one(CURRENT_IP), number_of_ip(ELSEWHERE))
        checks.that("the old address is silent", not answers(client))
        there.take_control()
        checks.equal("it can be controlled there", there.read_one(0x0A14), number_of_ip(CAMERA))
        there.release_control()
        there.send(command(FORCEIP, forceip_payload(mac, CAMERA, "255.0.0.0"), 92))
        checks.equal("and sent back", there.await_ack(92).sender, (CAMERA, 3956))
        checks.equal("it is at home", client.read_one(CURRENT_IP), number_of_ip(CAMERA))


def restart_of_the_ip(checks: Checks) -> None:
    with Client(CAMERA) as client, Client(ELSEWHERE) as there:
        mac = client.mac()
        client.send(command(FORCEIP, forceip_payload(mac, ELSEWHERE, "255.0.0.0"), 93))
        client.await_ack(93)
        there.send(command(FORCEIP, forceip_payload(mac), 94))
        checks.that("FORCEIP to 0.0.0.0 leads home", answers(client))
        checks.that("without an acknowledge, and away from here", not answers(there))
        client.take_control()
        client.write((PERSISTENT_IP, number_of_ip(ELSEWHERE)), (PERSISTENT_MASK, number_of_ip("255.0.0.0")))
        client.write((IP_CONFIGURATION, 7))
        client.release_control()
        client.send(command(FORCEIP, forceip_payload(mac), 95))
        checks.that("or to the persistent address, where there is one", answers(there))
        there.take_control()
        there.write((IP_CONFIGURATION, 6))
        there.release_control()
        there.send(command(FORCEIP, forceip_payload(mac), 96))
        checks.that("and home again once that is disabled", answers(client))


def moved_under_load(checks: Checks) -> None:
    """Datagrams that wait at a socket while the camera leaves it harm nobody."""
    question = command(DISCOVERY, request_id=3)
    with Client(CAMERA) as one, Client(ELSEWHERE) as other, Client("255.255.255.255", CAMERA) as everybody:
        mac = one.mac()
        for here, there, ip in [(one, other, ELSEWHERE), (other, one, CAMERA)] * 10:
            askers = (here, everybody) * 5
            for client in askers:
                client.send(question)
            here.force_ip(mac, ip, "255.0.0.0")
            for client in askers:
                client.send(question)
            if not checks.that(f"it moves to {ip} while it is asked much", answers(there)):
                return


def answers(client: Client, tries: int = 5) -> bool:
    """Whether it answers; a camera that is just moving may need more than one question."""
    for _ in range(tries):
        client.send(command(DISCOVERY, request_id=0x4D4D))
        with contextlib.suppress(NoAnswer):
            return client.await_ack(0x4D4D, 0.2).status == SUCCESS
    return False


def memory_without_power(checks: Checks) -> None:
    persistent = {
        PERSISTENT_IP: "192.168.5.10",
        PERSISTENT_MASK: "255.255.255.0",
        PERSISTENT_GATEWAY: "192.168.5.1",
    }
    with tempfile.TemporaryDirectory() as folder:
        with Camera("--state-dir", folder), Client(CAMERA) as client:
            client.take_control()
            client.write_memory(USER_NAME, b"Zoom left\0\0\0\0\0\0\0")
            client.write(
                *[(register, number_of_ip(ip)) for register, ip in persistent.items()], (IP_CONFIGURATION, 1)
            )
            checks.equal("link-local cannot be switched off", client.read_one(IP_CONFIGURATION), 5)
            client.release_control()
        with Camera("--state-dir", folder) as camera, Client(CAMERA) as client:
            checks.equal("the name survives", client.read_text(USER_NAME, 16), "Zoom left")
            kept = {register: ip_of_number(client.read_one(register)) for register in persistent}
            checks.equal("so do the persistent addresses", kept, persistent)
            checks.equal("and which of them are used", client.read_one(IP_CONFIGURATION), 5)
            checks.that("a discovery tells the name", b"Zoom left" in client.discover())
            client.take_control()
            client.write((USER_NAME, 0))
            camera.process.kill()
            camera.process.wait()
            camera.process.returncode = 0  # Killed on purpose.
        with Camera("--state-dir", folder), Client(CAMERA) as client:
            checks.equal(
                "what was acknowledged survives kill -9, too", client.read_memory(USER_NAME, 4), bytes(4)
            )
        with Camera("--state-dir", folder, "--serial", "39265002"), Client(CAMERA) as client:
            checks.equal("another serial number has its own memory", client.read_one(PERSISTENT_IP), 0)
        with Camera("--state-dir", folder, "--user-name", "Given"), Client(CAMERA) as client:
            checks.equal("a name given at the start goes before", client.read_text(USER_NAME, 16), "Given")


def in_a_network(checks: Checks) -> None:
    if not netns.possible():
        return checks.skip("discovery by broadcast", netns.REASON)
    with netns.Network("camera", "client") as network:
        camera, own = network.address("camera"), network.address("client")
        with Camera(address=camera, netns=network.name("camera")):
            with network.inside("client"):
                for target in ("255.255.255.255", f"{netns.SUBNET}.255", camera):
                    found = discover_all(target, own, 0.5)
                    checks.equal(
                        f"a discovery to {target} finds it", [ack.sender for ack in found], [(camera, 3956)]
                    )
            checks.section(from_another_subnet, network, camera)
            checks.section(moved_in_a_network, network, camera)


def from_another_subnet(checks: Checks, network: netns.Network, camera: str) -> None:
    """The host's address is of another subnet, and neither side has a route to the other."""
    stranger = "172.30.1.1"
    netns.run("ip", "-n", network.name("client"), "address", "add", f"{stranger}/24", "dev", "eth0")
    with network.inside("client"), Client("255.255.255.255", stranger) as client, Client(
        "255.255.255.255"
    ) as ear:
        ear.socket.close()
        client.send(command(DISCOVERY, request_id=7, flags=ACKNOWLEDGE))
        checks.that("a stranger who accepts no broadcast hears nothing", not hears(client))
    with network.inside("client"), Client("255.255.255.255") as client:
        client.socket.setsockopt(
            1, 25, b"eth0\0"
        )  # SO_BINDTODEVICE: the only way out for a limited broadcast
        netns.run(
            "ip",
            "-n",
            network.name("client"),
            "address",
            "delete",
            f"{network.address('client')}/24",
            "dev",
            "eth0",
        )
        client.send(command(DISCOVERY, request_id=8, flags=ACKNOWLEDGE | BROADCAST_ACK))
        ack = client.receive()
        checks.equal(
            "one who accepts a broadcast is answered so",
            (ack.request_id, len(ack.payload), ack.sender[0]),
            (8, DISCOVERY_BYTES, camera),
        )
        forced = "172.30.1.99"
        client.send(command(FORCEIP, forceip_payload(ack.payload[10:16], forced, "255.255.255.0"), 9))
        answer = client.receive()
        checks.equal(
            "and may fetch the camera into its own subnet",
            (answer.status, answer.sender[0]),
            (SUCCESS, forced),
        )
    with network.inside("client"), Client(forced, stranger) as client:
        checks.equal("where it answers", client.read_one(CURRENT_IP), number_of_ip(forced))
        client.force_ip(client.mac(), camera, "255.255.255.0")
    netns.run(
        "ip",
        "-n",
        network.name("client"),
        "address",
        "add",
        f"{network.address('client')}/24",
        "brd",
        "+",
        "dev",
        "eth0",
    )


def moved_in_a_network(checks: Checks, network: netns.Network, camera: str) -> None:
    there = f"{netns.SUBNET}.99"
    with network.inside("client"), Client(camera) as client, Client(there) as new:
        client.force_ip(client.mac(), there, "255.255.255.0")
        checks.equal(
            "an address that its host does not have is added to it",
            new.read_one(CURRENT_IP),
            number_of_ip(there),
        )
        new.take_control()
        new.release_control()


def hears(client: Client, seconds: float = 0.5) -> bool:
    try:
        client.receive(seconds)
    except NoAnswer:
        return False
    return True


def main() -> None:
    netns.prepare()
    checks = Checks()
    with Camera(interface="lo"):  # With --address the persistent address would not count.
        for section in (discovery, broadcast_on_loopback, force_ip, restart_of_the_ip, moved_under_load):
            checks.section(section)
    checks.section(memory_without_power)
    checks.section(in_a_network)
    checks.finish()


if __name__ == "__main__":
    main()
