"""Network namespaces of one's own, joined by a veth pair or by a bridge.

As root they are made by `ip netns`. Anybody else gets there through a user namespace, in which the whole
script runs again. Where that is forbidden too, `possible()` is false.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from checks import SKIPPED

MARK = "GIGEMU_TESTS_IN_USER_NAMESPACE"
REASON = "neither root nor an unprivileged user namespace may make network namespaces here"
CLONE_NEWNET = 0x40000000
SUBNET = "10.39.26"


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@functools.cache
def possible() -> bool:
    """Whether this process may make namespaces, and enter them: in a chroot it may only make them."""
    name = f"gigemu-{os.getpid()}-try"
    if not _succeeds("ip", "netns", "add", name):
        return False
    entered = _succeeds("ip", "netns", "exec", name, "true")
    return _succeeds("ip", "netns", "delete", name) and entered


def isolated() -> list[str]:
    """What to put before a command to run it in a network namespace of its own, with a loopback interface and nothing
    else: no camera of this host is there. Empty where no such namespace can be had.
    """
    loopback = 'ip link set lo up && exec "$@"'
    if possible():
        return ["unshare", "-n", "sh", "-c", loopback, "sh"]
    private_run = "mount -t tmpfs tmpfs /run"
    enter = ["unshare", "-Urnm", "sh", "-c"]
    if not _succeeds(*enter, f"{private_run} && ip netns add try"):
        return []
    return [*enter, f"export {MARK}=1 && {private_run} && {loopback}", "sh"]


def prepare() -> bool:
    """Whether namespaces can be made; if it takes a user namespace, the script starts again in one."""
    if possible() or MARK in os.environ:
        return possible()
    if enter := isolated():
        os.execvp(enter[0], [*enter, sys.executable, *sys.argv])
    return False


def require() -> None:
    """Ends the script as skipped where there are no namespaces to be had."""
    if not prepare():
        print(f"skip  {Path(sys.argv[0]).name}: {REASON}")
        sys.exit(SKIPPED)


class Network:
    """Hosts that see each other; host number n has the address 10.39.26.(n+1), counted from 0."""

    def __init__(self, *hosts: str, mtu: int = 1500) -> None:
        self._names = {host: f"gigemu-{os.getpid()}-{host}" for host in hosts}
        self._addresses = {host: f"{SUBNET}.{n + 1}" for n, host in enumerate(hosts)}
        self._switch = f"gigemu-{os.getpid()}-{hosts[0]}-switch"
        self._mtu = str(mtu)
        self._made: list[str] = []

    def __enter__(self) -> Network:
        try:
            for name in self._names.values():
                self._add(name)
            if len(self._names) == 2:
                self._join_two()
            else:
                self._join_by_bridge()
            for host, name in self._names.items():
                run("ip", "-n", name, "link", "set", "eth0", "mtu", self._mtu, "up")
                run(
                    "ip",
                    "-n",
                    name,
                    "address",
                    "add",
                    f"{self._addresses[host]}/24",
                    "brd",
                    "+",
                    "dev",
                    "eth0",
                )
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._made:
            _succeeds("ip", "netns", "delete", name)
        self._made = []

    def _add(self, name: str) -> None:
        run("ip", "netns", "add", name)
        self._made.append(name)
        run("ip", "-n", name, "link", "set", "lo", "up")

    def _join_two(self) -> None:
        one, other = self._names.values()
        run("ip", "-n", one, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", other)

    def _join_by_bridge(self) -> None:
        self._add(self._switch)
        run("ip", "-n", self._switch, "link", "add", "bridge", "type", "bridge")
        run("ip", "-n", self._switch, "link", "set", "bridge", "mtu", self._mtu, "up")
        for n, name in enumerate(self._names.values()):
            port = f"port{n}"
            run(
                "ip",
                "-n",
                name,
                "link",
                "add",
                "eth0",
                "type",
                "veth",
                "peer",
                "name",
                port,
                "netns",
                self._switch,
            )
            run("ip", "-n", self._switch, "link", "set", port, "mtu", self._mtu, "master", "bridge", "up")

    def name(self, host: str) -> str:
        return self._names[host]

    def address(self, host: str) -> str:
        return self._addresses[host]

    def command(self, host: str, *command: str) -> list[str]:
        return ["ip", "netns", "exec", self._names[host], *command]

    @contextlib.contextmanager
    def inside(self, host: str) -> Iterator[None]:
        """Sockets that this thread makes meanwhile belong to that host, and stay there."""
        with open("/proc/thread-self/ns/net") as home, open(f"/run/netns/{self._names[host]}") as there:
            _set_namespace(there.fileno())
            try:
                yield
            finally:
                _set_namespace(home.fileno())


def _set_namespace(descriptor: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
