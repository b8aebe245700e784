#!/usr/bin/env python3
"""`gigemu doctor` on hosts where something is not allowed: what it says, its exit code, and that a camera which starts there
warns by the same sentence."""

from __future__ import annotations

import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import netns
from camera import Camera, program
from checks import Checks

PLAIN_USER = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


@dataclass
class Diagnosis:
    code: int
    text: str

    def line(self, subject: str) -> str:
        """The line of one check, with its cure."""
        lines = self.text.splitlines()
        found = [n for n, line in enumerate(lines) if line[8:].startswith(subject)]
        if len(found) != 1:
            return f"{len(found)} lines about {subject}"
        cure = lines[found[0] + 1 : found[0] + 2]
        return lines[found[0]] + (cure[0] if cure and cure[0].strip().startswith("cure:") else "")

    def verdict(self, subject: str) -> str:
        return self.line(subject).split()[0]


def ask(network: netns.Network, *options: str, through: list[str] | None = None) -> Diagnosis:
    command = network.command("host", *(through or []), program(), "doctor", *options)
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    return Diagnosis(done.returncode, done.stdout + done.stderr)


def all_is_well(checks: Checks, network: netns.Network) -> None:
    with tempfile.TemporaryDirectory() as folder:
        told = ask(network, "--state-dir", folder)
    checks.equal("where all is allowed a camera runs", told.code, 0)
    subjects = ["interface", "GVCP port", "broadcast", "HTTP port", "MTU", "addresses", "PTP", "state"]
    checks.equal("and each check is ok", {told.verdict(one) for one in subjects}, {"ok"})
    checks.that("without colours in a pipe", "\033" not in told.text, told.text)
    checks.equal("a word that is no option is a mistake", ask(network, "--foo").code, 2)
    checks.equal("and so is an address that the host lacks", ask(network, "--address", "10.39.99.1").code, 2)


def rights(checks: Checks, network: netns.Network) -> None:
    told = ask(network, through=PLAIN_USER)
    checks.equal("without any right a camera runs", told.code, 0)
    checks.that(
        "without PTP, and with the sysctl that cures it",
        told.verdict("PTP") == "warning" and "ip_unprivileged_port_start" in told.line("PTP"),
        told.text,
    )
    checks.equal("and without FORCEIP", told.verdict("addresses"), "warning")
    sentence = told.line("PTP").split("PTP", 1)[1].split("cure:")[0].strip()
    address = network.address("host")
    with Camera("--http", "off", address=address, netns=network.name("host"), through=PLAIN_USER) as camera:
        warnings = [line for line in camera.output.splitlines() if "warning" in line]
        checks.equal("a camera that starts there warns of both, and of nothing else", len(warnings), 2)
        checks.that("by the same sentence", sentence in camera.output, camera.output)
    setting = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
    netns.run(*network.command("host", "sh", "-c", f"echo 319 > {setting}"))
    checks.equal("the cure cures", ask(network, through=PLAIN_USER).verdict("PTP"), "ok")
    netns.run(*network.command("host", "sh", "-c", f"echo 1024 > {setting}"))


def ports(checks: Checks, network: netns.Network) -> None:
    with Camera("--http", "off", address=network.address("host"), netns=network.name("host")):
        told = ask(network)
        checks.equal("where a camera runs there is no place for another", told.code, 1)
        checks.equal("as its port is taken", told.verdict("GVCP port"), "no")
        checks.equal("the same host has other addresses", ask(network, "--address", "127.0.0.5").code, 0)
    with network.inside("host"):
        listener = socket.socket()
    with listener:
        listener.bind(("127.0.0.1", 8080))
        listener.listen()
        told = ask(network)
        checks.equal("without the page's usual port a camera runs", (told.code, told.verdict("HTTP port")), (0, "warning"))
        told = ask(network, "--http", "127.0.0.1:8080")
        checks.equal("not where that port is demanded", (told.code, told.verdict("HTTP port")), (1, "no"))


def network_itself(checks: Checks, network: netns.Network) -> None:
    host = network.name("host")
    for mtu, verdict in (("1499", "warning"), ("576", "warning"), ("575", "no"), ("1500", "ok")):
        netns.run("ip", "-n", host, "link", "set", "eth0", "mtu", mtu)
        checks.equal(f"an MTU of {mtu}", ask(network).verdict("MTU"), verdict)
    firewall = ["INPUT", "-d", "255.255.255.255", "-j", "DROP"]
    netns.run(*network.command("host", "iptables", "-A", *firewall))
    told = ask(network)
    checks.equal("broadcasts that are dropped are a warning", (told.code, told.verdict("broadcast")), (0, "warning"))
    netns.run(*network.command("host", "iptables", "-D", *firewall))
    checks.equal("and pass again", ask(network).verdict("broadcast"), "ok")
    netns.run("ip", "-n", host, "link", "set", "eth0", "down")
    told = ask(network)
    checks.equal("with loopback alone a camera runs", (told.code, told.verdict("interface")), (0, "warning"))


def state(checks: Checks, network: netns.Network) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        file.touch()
        told = ask(network, "--state-dir", str(file))
        checks.that("a state folder that is none is a warning", told.verdict("state") == "warning", told.text)
        ask(network, "--state-dir", f"{folder}/new/one")
        checks.that("one that can be made is made", (Path(folder) / "new/one").is_dir(), "")


def main() -> None:
    netns.require()
    checks = Checks()
    with netns.Network("host", "other") as network:
        for section in (all_is_well, rights, ports, state, network_itself):
            checks.section(section, network)
    checks.finish()


if __name__ == "__main__":
    main()
