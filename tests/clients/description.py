"""The camera description file, read from the camera and taken apart: which register stands behind a feature."""

from __future__ import annotations

import io
import math
import xml.etree.ElementTree as ElementTree
import zipfile
from dataclasses import dataclass

from wire import XML_URL, Client

WORD_BITS = 32
ZIP_BEGINS = b"PK"


@dataclass(frozen=True)
class Register:
    """Some bytes of the camera, or some bits of a word, counted from the lowest."""

    address: int
    size: int
    port: str
    access: str
    signed: bool = False
    low: int = 0
    high: int = WORD_BITS - 1

    def put_into(self, word: int, units: int) -> int:
        """The whole word with this value in its bits."""
        mask = (1 << (self.high - self.low + 1)) - 1
        return word & ~(mask << self.low) | (units & mask) << self.low

    def taken_from(self, raw: bytes) -> int:
        if self.size == 4:
            word = int.from_bytes(raw, "big") >> self.low & (1 << (self.high - self.low + 1)) - 1
            return word - (1 << WORD_BITS) if self.signed and word >> (WORD_BITS - 1) else word
        return int.from_bytes(raw, "big", signed=self.signed)


class Description:
    def __init__(self, xml: str | bytes) -> None:
        self.root = ElementTree.fromstring(xml)
        self.nodes = {node.get("Name", ""): node for node in self.root}

    @classmethod
    def read_from(cls, client: Client) -> Description:
        """By the address that the camera gives, as every client does."""
        _, start, length = client.read_text(XML_URL, 512).removeprefix("Local:").split(";")
        file = client.read_long(int(start, 16), int(length, 16))
        if not file.startswith(ZIP_BEGINS):
            return cls(file)
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            return cls(archive.read(archive.namelist()[0]))

    def __contains__(self, name: str) -> bool:
        return name in self.nodes

    def kind(self, name: str) -> str:
        return local(self.nodes[name].tag)

    def text(self, name: str, element: str) -> str | None:
        return next((child.text for child in self.nodes[name] if local(child.tag) == element), None)

    def entries(self, name: str) -> dict[str, int]:
        found = [child for child in self.nodes[name] if local(child.tag) == "EnumEntry"]
        return {
            child.get("Name", ""): int(next(e.text or "" for e in child if local(e.tag) == "Value"))
            for child in found
        }

    def features(self) -> list[str]:
        """Names that stand in a category."""
        return [
            child.text or ""
            for node in self.root
            if local(node.tag) == "Category"
            for child in node
            if local(child.tag) == "pFeature" and self.kind(child.text or "") != "Category"
        ]

    def register(self, name: str) -> Register | None:
        """The register that holds the value of a feature; none where its size moves."""
        while (behind := self.text(name, "pValue")) is not None:
            name = behind
        address, size = self.text(name, "Address"), self.text(name, "Length")
        if address is None or size is None:
            return None
        bits = {}
        if self.kind(name) == "MaskedIntReg":  # Big-endian registers count their bits from the top.
            bits = {
                "low": WORD_BITS - 1 - int(self.text(name, "LSB") or 0),
                "high": WORD_BITS - 1 - int(self.text(name, "MSB") or 0),
            }
        return Register(
            int(address, 0),
            int(size),
            self.text(name, "pPort") or "",
            self.text(name, "AccessMode") or "",
            self.text(name, "Sign") == "Signed",
            **bits,
        )

    def units(self, name: str, value: float | str | bool) -> int:
        """What stands in the register for this value."""
        if self.kind(name) == "Enumeration" and isinstance(value, str):
            return self.entries(name)[value]
        if self.kind(name) == "Float":
            formula = self.text(self.text(name, "pValue") or "", "FormulaTo") or ""
            return math.floor(eval(formula, {"FLOOR": math.floor, "FROM": value}))
        return int(value)


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def put(client: Client, description: Description, name: str, value: float | str | bool = 1) -> None:
    """Writes a feature of one word."""
    register = description.register(name)
    assert register is not None and register.size == 4
    whole = register.low == 0 and register.high == WORD_BITS - 1
    word = 0 if whole else client.read_one(register.address)
    client.write((register.address, register.put_into(word, description.units(name, value))))
