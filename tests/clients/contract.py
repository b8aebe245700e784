"""The contract: what the manual says of each feature, and what Aravis says of it."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Iterator
from pathlib import Path

from description import Description
from gi.repository import GLib
from grab import Aravis, open_camera
from wire import Client

FILE = Path(__file__).with_name("contract.json")
ALL_UP_TO, SAMPLES = (
    64,
    3,
)  # All values of small ranges; of others both ends, their neighbours and some between.
READABLE = {"RO", "RW"}


def load() -> dict:
    return json.loads(FILE.read_text())


def sentences(contract: dict) -> list[dict]:
    return contract["documented"] + contract["derived"]


class DeviceUnderTest:
    """A camera, seen through Aravis and, next to it, through plain packets."""

    def __init__(self, address: str) -> None:
        self.camera = open_camera(address)
        self.device = self.camera.get_device()
        self.raw = Client(address)
        self.description = Description.read_from(self.raw)

    def __enter__(self) -> DeviceUnderTest:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(GLib.Error):  # The camera may have been reset.
            self.device.leave_control()
        del self.device, self.camera
        self.raw.socket.close()

    @contextlib.contextmanager
    def by_packets(self) -> Iterator[Client]:
        """Meanwhile control is with the plain packets: they may be as wrong as they like."""
        self.device.leave_control()
        self.raw.take_control()
        try:
            yield self.raw
        finally:
            self.raw.release_control()
            self.device.take_control()

    def node(self, name: str) -> Aravis.GcFeatureNode | None:
        return self.device.get_feature(name)

    def get(self, name: str) -> int | float | str | bool:
        node = self.node(name)
        if isinstance(node, Aravis.GcEnumeration):
            return node.get_string_value()
        if isinstance(node, Aravis.GcBoolean):
            return node.get_value()
        if isinstance(node, Aravis.GcFloatNode):
            return Aravis.GcFloat.get_value(node)
        if isinstance(node, Aravis.GcIntegerNode):
            return Aravis.GcInteger.get_value(node)
        return Aravis.GcString.get_value(node)

    def set(self, name: str, value: float | str | bool) -> None:
        node = self.node(name)
        if isinstance(node, Aravis.GcEnumeration):
            node.set_string_value(value)
        elif isinstance(node, Aravis.GcBoolean):
            node.set_value(value)
        elif isinstance(node, Aravis.GcFloatNode):
            Aravis.GcFloat.set_value(node, value)
        elif isinstance(node, Aravis.GcIntegerNode):
            Aravis.GcInteger.set_value(node, value)
        else:
            Aravis.GcString.set_value(node, value)

    def bounds(self, name: str) -> tuple[float, float, float, str]:
        """Least, most, increment and unit, as Aravis tells them now."""
        node = self.node(name)
        kind = Aravis.GcFloat if isinstance(node, Aravis.GcFloatNode) else Aravis.GcInteger
        return kind.get_min(node), kind.get_max(node), kind.get_inc(node), kind.get_unit(node)

    @contextlib.contextmanager
    def given(self, settings: dict) -> Iterator[None]:
        """With these features set, as far as they exist; afterwards they are as they were."""
        before = {name: self.get(name) for name in settings if self.node(name)}
        try:
            for name in before:
                self.set(name, settings[name])
            yield
        finally:
            for name in reversed(list(before)):
                self.set(name, before[name])

    def snapshot(self, live: set[str]) -> dict[int, bytes]:
        """Every register that a feature stands in, save those that live."""
        found = {}
        for name in self.description.features():
            register = self.description.register(name)
            if register and register.port == "Device" and register.access in READABLE and name not in live:
                found[register.address] = register.size
        words = sorted(address for address, size in found.items() if size == 4)
        content = {}
        for at in range(0, len(words), 64):
            values = self.raw.read(*words[at : at + 64])
            content |= {address: value.to_bytes(4, "big") for address, value in zip(words[at:], values)}
        longer = {address: size for address, size in found.items() if size != 4}
        return content | {address: self.raw.read_long(address, size) for address, size in longer.items()}


def type_of(node: Aravis.GcFeatureNode) -> str:
    names = {
        Aravis.GcEnumeration: "Enumeration",
        Aravis.GcBoolean: "Boolean",
        Aravis.GcCommand: "Command",
        Aravis.GcCategory: "Category",
        Aravis.GcFloatNode: "Float",
        Aravis.GcIntegerNode: "Integer",
        Aravis.GcStringRegNode: "String",
        Aravis.GcRegisterNode: "Register",
    }
    return next((name for kind, name in names.items() if isinstance(node, kind)), type(node).__name__)


def entries_of(node: Aravis.GcEnumeration) -> dict[str, int]:
    return {entry.get_name(): entry.get_value() for entry in node.get_entries()}


def steps(least: float, most: float, increment: float) -> list[int]:
    """Which steps of a range are tried."""
    whole = isinstance(least, int)  # Of 64 bits, which no real number counts.
    count = (most - least) // increment if whole else int((most - least) / increment + 1e-6)
    if count < ALL_UP_TO:
        return list(range(count + 1))
    dice = random.Random(count)
    return sorted({0, 1, count - 1, count, *(dice.randrange(count) for _ in range(SAMPLES))})


def legal_values(dut: DeviceUnderTest, row: dict) -> list:
    """All legal values of small sets, the edges and some more of ranges."""
    name = row["name"]
    if row["type"] == "Enumeration":
        return [entry for entry in entries_of(dut.node(name)) if entry != row.get("momentary")]
    if row["type"] == "Boolean":
        return [False, True] if not row.get("momentary") else [False]
    if row["type"] == "String":
        return ["a", "fifteen letters", ""]
    least, most, increment, _ = dut.bounds(name)
    if row["type"] == "Integer":
        return [least + step * increment for step in steps(least, most, increment)]
    scale = round(1 / increment) if increment < 1 else 1 / increment
    first = round(least * scale)
    return [(first + step) / scale for step in steps(least, most, increment)]


def illegal_units(dut: DeviceUnderTest, row: dict) -> list[int]:
    """What no register of this feature may hold: outside of the range, between the steps, no entry."""
    name, description = row["name"], dut.description
    register = description.register(name)
    if row["type"] == "Boolean":
        wrong = [2, 3, 0xFFFFFFFF]
    elif row["type"] == "Command":
        value = int(description.text(name, "CommandValue") or 0)
        wrong = [0, value + 1, 0xFFFFFFFF]
    elif row["type"] == "Enumeration":
        values = set(description.entries(name).values())
        wrong = [next(i for i in range(100) if i not in values), max(values) + 1, 0xFFFFFFFF]
    else:
        least, most, increment, _ = dut.bounds(name)
        low, high = description.units(name, least), description.units(name, most)
        step = int(increment) if row["type"] == "Integer" else 1
        wrong = [low - step, low - 1]
        wrong += [] if row.get("clips") else [high + 1, high + step, 2 * high + 1]
        wrong += [low + 1] if step > 1 and low + 1 < high else []
        limit = 1 << (8 * register.size - register.signed)
        wrong = [units for units in wrong if (-limit if register.signed else 0) <= units < limit]
    return sorted(set(wrong))
