"""The camera's features as the program itself lists them: names, register addresses, entries and steps."""

from __future__ import annotations

import functools
import json

from camera import ask_program
from wire import Client

# An image that is quickly sent, and with which nothing changes by itself.
SMALL = {
    "Width": 528,
    "Height": 64,
    "ExposureAuto": "Off",
    "ExposureTime": 1000,
    "GainAuto": "Off",
    "BalanceWhiteAuto": "Off",
    "AcquisitionFrameRate": 20,
}


@functools.cache
def table() -> dict[str, dict]:
    return {row["name"]: row for row in json.loads(ask_program("--features=json"))}


def address(name: str) -> int:
    return table()[name]["address"]


def units(name: str, value: float | str) -> int:
    """The register's value: an entry's number, or as many steps as a real number has."""
    row = table()[name]
    if row["type"] == "Enumeration":
        return row["entries"][value]
    return round(value / row["inc"]) if row["type"] == "Float" else int(value)


def put(client: Client, name: str, value: float | str = 1) -> None:
    client.write((address(name), units(name, value)))


def fetch(client: Client, name: str) -> int:
    """The register's value as it stands."""
    return client.read_one(address(name))


def configure(camera: str, settings: dict[str, float | str] = SMALL, own: str = "127.0.0.1") -> None:
    """What a client writes before others of the script come: the camera keeps it."""
    with Client(camera, own) as client:
        client.take_control()
        for name, value in settings.items():
            put(client, name, value)
        client.release_control()
