#!/usr/bin/env python3
"""What a camera begins with, and returns to: the factory's settings, a user set, or what its scene suggests."""

from __future__ import annotations

import tempfile

import features
from camera import Camera
from checks import Checks
from wire import CCP, Client

CAMERA = "127.0.0.1"
SCENE = "colour_chart"  # It suggests a lens and an exposure.
ALONE = {"ExposureAuto": "Continuous", "GainAuto": "Continuous", "BalanceWhiteAuto": "Continuous"}
FACTORY = {"Zoom": 0, "Focus": 10000, "Iris": 255, "ExposureTime": 33333.0, "Gain": 0.0, **ALONE}
LENS = {"Zoom": 550, "Focus": 9809, "Iris": 200}
EXPOSURE = {"ExposureTime": 10500.0, "Gain": 0.0, "ExposureAuto": "Off", "GainAuto": "Off"}


def wrong(client: Client, wanted: dict[str, float | str]) -> dict[str, tuple[int, int]]:
    """The registers that hold something else, and what."""
    found = {name: features.fetch(client, name) for name in wanted}
    return {
        name: (found[name], features.units(name, value))
        for name, value in wanted.items()
        if found[name] != features.units(name, value)
    }


def load(client: Client, user_set: str) -> None:
    features.put(client, "UserSetSelector", user_set)
    features.put(client, "UserSetLoad")


def started(checks: Checks, how: str, options: list[str], wanted: dict[str, float | str]) -> None:
    with Camera(*options, scene=SCENE), Client(CAMERA) as client:
        checks.equal(f"{how}: what differs", wrong(client, wanted), {})
        client.write((CCP, 2))
        load(client, "Default")
        checks.equal(f"{how}, then UserSetLoad of Default: what differs", wrong(client, FACTORY), {})


def with_memory(checks: Checks, folder: str) -> None:
    memory = ["--state-dir", folder]
    with Camera(*memory, scene=SCENE), Client(CAMERA) as client:
        client.write((CCP, 2))
        features.put(client, "Zoom", 123)
        features.put(client, "UserSetSelector", "UserSet1")
        features.put(client, "UserSetSave")
        features.put(client, "UserSetDefault", "UserSet1")
    saved = {**LENS, **ALONE, "Zoom": 123}
    with Camera(*memory, "--scene-settings", scene="checkerboard"), Client(CAMERA) as client:
        checks.equal("UserSetDefault outranks the scene: what differs", wrong(client, saved), {})
    with Camera(*memory, "--factory", scene=SCENE), Client(CAMERA) as client:
        begun = {**FACTORY, "UserSetDefault": "Default"}
        checks.equal("--factory outranks UserSetDefault: what differs", wrong(client, begun), {})
        client.write((CCP, 2))
        load(client, "UserSet1")
        checks.equal("--factory has no user sets: what differs", wrong(client, FACTORY), {})


def main() -> None:
    checks = Checks()
    started(checks, "power-up", [], {**LENS, **ALONE})
    started(checks, "--scene-settings", ["--scene-settings"], {**LENS, **EXPOSURE})
    started(checks, "--factory", ["--factory"], FACTORY)
    with tempfile.TemporaryDirectory() as folder:
        checks.section(with_memory, folder)
    checks.finish()


if __name__ == "__main__":
    main()
