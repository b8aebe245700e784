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
    from contract import Aravis, DeviceUnderTest, entries_of, legal_values, sentences
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


def truth(dut: DeviceUnderTest, names: list[str]) -> dict[str, int]:
    """What stands there, by packets."""
    found = {name: dut.description.register(name) for name in names}
    words = sorted({register.address for register in found.values() if register.size == 4})
    content: dict[int, int] = {}
    for at in range(0, len(words), 64):
        content |= dict(zip(words[at : at + 64], dut.raw.read(*words[at : at + 64])))
    return {
        name: register.taken_from(
            content[register.address].to_bytes(4, "big")
            if register.size == 4
            else dut.raw.read_long(register.address, register.size)
        )
        for name, register in found.items()
    }


def remembered(dut: DeviceUnderTest, names: list[str]) -> dict[str, int]:
    return {name: Aravis.GcInteger.get_value(dut.node(name)) for name in names}


def behind_its_back(checks: Checks, dut: DeviceUnderTest) -> None:
    """What Aravis has not been told it does not know: so it does remember."""
    register = dut.description.register("StrobeDelay")
    dut.device.write_register(register.address, 5)
    checks.equal("a register is remembered", dut.get("StrobeDelay"), 0)
    dut.set("StrobeDelay", 0)


def cached(checks: Checks, policy: Aravis.RegisterCachePolicy, rows: list[dict]) -> None:
    with Camera(scene=SCENE), DeviceUnderTest(CAMERA) as dut:
        dut.device.set_register_cache_policy(policy)
        live = ("DeviceTemperature", "Timestamp", "GevTimestamp", "GevPrimary", "GevCCP")
        names = [name for name in registers(dut.description) if not name.startswith(live)]
        writes, stale = 0, set()
        remembered(dut, names)
        if policy == Aravis.RegisterCachePolicy.ENABLE:
            behind_its_back(checks, dut)
        for row in rows:
            if dut.node(row["name"]) is None or row["access"] != "RW" or row.get("live") or row.get("apart"):
                continue
            if row["type"] in ("Command", "Register", "String"):
                continue
            with dut.given(row.get("free", {})), dut.given({row["name"]: dut.get(row["name"])}):
                values = legal_values(dut, row)
                for value in (values[0], values[len(values) // 2], values[-1]):
                    dut.set(row["name"], value)
                    writes += 1
                    shown, true = remembered(dut, names), truth(dut, names)
                    stale |= {f"{name} after {row['name']}" for name in names if shown[name] != true[name]}
        checks.that(f"{policy.value_nick}: {writes} features are written", writes > 200)
        checks.that(f"{policy.value_nick}: none of {len(names)} registers is remembered wrong", not stale, sorted(stale))


def streamable(dut: DeviceUnderTest) -> list[tuple[str, str]]:
    """Streamable features in the order of the tree, and their selectors."""
    selectors = {
        selected.text: name
        for name, node in dut.description.nodes.items()
        for selected in node
        if local(selected.tag) == "pSelected"
    }
    return [
        (name, selectors.get(name, ""))
        for name in dut.description.features()
        if dut.description.text(name, "Streamable") == "Yes"
    ]


def save(dut: DeviceUnderTest) -> list[tuple[str, str, object, object]]:
    """Name, selector, its choice, and value of all that could be written now."""
    saved = []
    for name, selector in streamable(dut):
        choices = [""]
        if selector:
            node = dut.node(selector)
            choices = list(entries_of(node)) if isinstance(node, Aravis.GcEnumeration) else [0]
        for choice in choices:
            if selector:
                dut.set(selector, choice)
            node = dut.node(name)
            if node.is_locked():
                continue
            register = dut.description.register(name)
            memory = isinstance(node, Aravis.GcRegisterNode)
            value = dut.raw.read_long(register.address, register.size) if memory else dut.get(name)
            saved.append((name, selector, choice, value))
    return saved


def load(dut: DeviceUnderTest, saved: list[tuple[str, str, object, object]]) -> None:
    for name, selector, choice, value in saved:
        if selector:
            dut.set(selector, choice)
        if isinstance(value, bytes):
            address = dut.description.register(name).address
            for at in range(0, len(value), 4):
                dut.device.write_register(address + at, int.from_bytes(value[at : at + 4], "big"))
        else:
            dut.set(name, value)


def settings(checks: Checks) -> None:
    with Camera(scene=SCENE), DeviceUnderTest(CAMERA) as dut:
        factory = save(dut)
        for name, value in USED.items():
            dut.set(name, value)
        for selector, choice, name, value in BELOW_SELECTORS:
            dut.set(selector, choice)
            dut.set(name, value)
        saved = save(dut)
        payload = dut.get("PayloadSize")
    checks.that(f"{len(saved)} values of {len(streamable_names(saved))} features are saved", len(saved) > 90)
    changed = [one for one in saved if one not in factory]
    checks.that(f"{len(changed)} of them are not the factory's", len(changed) >= len(USED))
    with Camera(scene=SCENE), DeviceUnderTest(CAMERA) as dut:
        load(dut, saved)
        again = save(dut)
        wrong = [(a, b) for a, b in zip(saved, again) if a != b]
        checks.equal("a new camera into which they are loaded has as many", len(again), len(saved))
        checks.that("and the same ones", not wrong, wrong)
        checks.equal("and the same payload", dut.get("PayloadSize"), payload)


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
