#!/usr/bin/python3
"""A client that remembers registers never shows what is no longer so, and settings that it saved make the same camera.

The client is Aravis with its register cache switched on; what is true is asked by packets.
"""

from __future__ import annotations

import sys

from camera import Camera
from checks import SKIPPED, Checks

try:
    import contract
    from contract import Aravis, Rig, entries_of, legal_values, sentences
except SystemExit as reason:
    print(f"skip  node_map.py: {reason}")
    sys.exit(SKIPPED)
from description import Description, local

CAMERA = "127.0.0.1"
SCENE = "lens_cap"
USED = {
    "PixelFormat": "BayerRG12p",
    "DecimationVertical": 2,
    "Width": 1024,
    "Height": 256,
    "OffsetAutoCenter": False,
    "OffsetX": 100,
    "OffsetY": 64,
    "ReverseX": True,
    "AcquisitionFrameRate": 25.0,
    "ExposureAutoUpperLimitAuto": "Off",
    "ExposureAutoUpperLimit": 20000.0,
    "GainAuto": "Off",
    "Gain": 12.5,
    "BalanceWhiteAuto": "Off",
    "BalanceWhiteMode": "WhiteBalanceMode_Temperature",
    "BalanceWhiteTemperature": 3200,
    "TriggerMode": "On",
    "TriggerDelay": 12.5,
    "IrisAuto": True,
    "Zoom": 300,
    "AutoFunctionsROIPreset": "AutoFunctionsROIPreset_Custom",
    "AutoFunctionsROILeft": 100,
    "AutoFunctionsROIWidth": 64,
    "ChunkModeActive": True,
    "Gamma": 1.5,
    "Hue": -20.0,
    "GevSCPSPacketSize": 1400,
}
BELOW_SELECTORS = [
    ("BalanceRatioSelector", "Blue", "BalanceRatio", 2.5),
    ("ChunkSelector", "Gain", "ChunkEnable", True),
    ("EventSelector", "Test", "EventNotification", "On"),
    ("ColorTransformationValueSelector", "Gain12", "ColorTransformationValue", -0.5),
]


def registers(description: Description) -> list[str]:
    """Numbers that stand in a register of the camera, also limits and locks."""
    return [
        name
        for name, node in description.nodes.items()
        if local(node.tag) in ("IntReg", "MaskedIntReg")
        and description.text(name, "pPort") == "Device"
        and description.text(name, "AccessMode") != "WO"
    ]


def truth(rig: Rig, names: list[str]) -> dict[str, int]:
    """What stands there, by packets."""
    found = {name: rig.description.register(name) for name in names}
    words = sorted({register.address for register in found.values() if register.size == 4})
    content: dict[int, int] = {}
    for at in range(0, len(words), 64):
        content |= dict(zip(words[at : at + 64], rig.raw.read(*words[at : at + 64])))
    return {
        name: register.taken_from(
            content[register.address].to_bytes(4, "big")
            if register.size == 4
            else rig.raw.read_long(register.address, register.size)
        )
        for name, register in found.items()
    }


def remembered(rig: Rig, names: list[str]) -> dict[str, int]:
    return {name: Aravis.GcInteger.get_value(rig.node(name)) for name in names}


def behind_its_back(checks: Checks, rig: Rig) -> None:
    """What Aravis has not been told it does not know: so it does remember."""
    register = rig.description.register("StrobeDelay")
    rig.device.write_register(register.address, 5)
    checks.equal("a register is remembered", rig.get("StrobeDelay"), 0)
    rig.set("StrobeDelay", 0)


def cached(checks: Checks, policy: Aravis.RegisterCachePolicy, rows: list[dict]) -> None:
    with Camera(scene=SCENE), Rig(CAMERA) as rig:
        rig.device.set_register_cache_policy(policy)
        live = ("DeviceTemperature", "Timestamp", "GevTimestamp", "GevPrimary", "GevCCP")
        names = [name for name in registers(rig.description) if not name.startswith(live)]
        writes, stale = 0, set()
        remembered(rig, names)
        if policy == Aravis.RegisterCachePolicy.ENABLE:
            behind_its_back(checks, rig)
        for row in rows:
            if rig.node(row["name"]) is None or row["access"] != "RW" or row.get("live") or row.get("apart"):
                continue
            if row["type"] in ("Command", "Register", "String"):
                continue
            with rig.given(row.get("free", {})), rig.given({row["name"]: rig.get(row["name"])}):
                values = legal_values(rig, row)
                for value in (values[0], values[len(values) // 2], values[-1]):
                    rig.set(row["name"], value)
                    writes += 1
                    shown, true = remembered(rig, names), truth(rig, names)
                    stale |= {f"{name} after {row['name']}" for name in names if shown[name] != true[name]}
        checks.that(f"{policy.value_nick}: {writes} features are written", writes > 200)
        checks.that(f"{policy.value_nick}: none of {len(names)} registers is remembered wrong", not stale, sorted(stale))


def streamable(rig: Rig) -> list[tuple[str, str]]:
    """Streamable features in the order of the tree, and their selectors."""
    selectors = {
        selected.text: name
        for name, node in rig.description.nodes.items()
        for selected in node
        if local(selected.tag) == "pSelected"
    }
    return [
        (name, selectors.get(name, ""))
        for name in rig.description.features()
        if rig.description.text(name, "Streamable") == "Yes"
    ]


def save(rig: Rig) -> list[tuple[str, str, object, object]]:
    """Name, selector, its choice, and value of all that could be written now."""
    saved = []
    for name, selector in streamable(rig):
        choices = [""]
        if selector:
            node = rig.node(selector)
            choices = list(entries_of(node)) if isinstance(node, Aravis.GcEnumeration) else [0]
        for choice in choices:
            if selector:
                rig.set(selector, choice)
            node = rig.node(name)
            if node.is_locked():
                continue
            register = rig.description.register(name)
            memory = isinstance(node, Aravis.GcRegisterNode)
            value = rig.raw.read_long(register.address, register.size) if memory else rig.get(name)
            saved.append((name, selector, choice, value))
    return saved


def load(rig: Rig, saved: list[tuple[str, str, object, object]]) -> None:
    for name, selector, choice, value in saved:
        if selector:
            rig.set(selector, choice)
        if isinstance(value, bytes):
            address = rig.description.register(name).address
            for at in range(0, len(value), 4):
                rig.device.write_register(address + at, int.from_bytes(value[at : at + 4], "big"))
        else:
            rig.set(name, value)


def settings(checks: Checks) -> None:
    with Camera(scene=SCENE), Rig(CAMERA) as rig:
        factory = save(rig)
        for name, value in USED.items():
            rig.set(name, value)
        for selector, choice, name, value in BELOW_SELECTORS:
            rig.set(selector, choice)
            rig.set(name, value)
        saved = save(rig)
        payload = rig.get("PayloadSize")
    checks.that(f"{len(saved)} values of {len(streamable_names(saved))} features are saved", len(saved) > 90)
    changed = [one for one in saved if one not in factory]
    checks.that(f"{len(changed)} of them are not the factory's", len(changed) >= len(USED))
    with Camera(scene=SCENE), Rig(CAMERA) as rig:
        load(rig, saved)
        again = save(rig)
        wrong = [(a, b) for a, b in zip(saved, again) if a != b]
        checks.equal("a new camera into which they are loaded has as many", len(again), len(saved))
        checks.that("and the same ones", not wrong, wrong)
        checks.equal("and the same payload", rig.get("PayloadSize"), payload)


def streamable_names(saved: list[tuple[str, str, object, object]]) -> set[str]:
    return {name for name, *_ in saved}


def main() -> None:
    checks = Checks()
    rows = sentences(contract.load())
    checks.section(settings)
    for policy in (Aravis.RegisterCachePolicy.ENABLE, Aravis.RegisterCachePolicy.DEBUG):
        checks.section(cached, policy, rows)
    checks.finish()


if __name__ == "__main__":
    main()
