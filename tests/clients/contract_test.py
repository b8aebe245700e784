#!/usr/bin/python3
"""The manual's features, one by one, through Aravis and by packets: what they are, what they take, what they refuse.

What they should be stands in contract.json, which nobody derives from the program.
"""

from __future__ import annotations

import sys
import tempfile

from camera import Camera
from checks import SKIPPED, Checks

try:
    import contract
    import grab
    from contract import DeviceUnderTest, entries_of, illegal_units, legal_values, sentences, type_of
except SystemExit as reason:
    print(f"skip  contract_test.py: {reason}")
    sys.exit(SKIPPED)
from wire import CCP, INVALID_PARAMETER, SUCCESS, WRITE_PROTECT, Client, Refused

CAMERA = "127.0.0.1"
NOT_YET: set[str] = set()
# What changes by itself, or by taking control.
LIVE = {
    *"DeviceTemperature TimestampLatchValue GevTimestampValue GevCCP PtpStatus".split(),
    *"GevPrimaryApplicationSocket GevPrimaryApplicationIPAddress".split(),
}
DARK = "lens_cap"  # White balance finds nothing in it, and keeps its defaults.


def close(got: object, wanted: object, increment: float = 1e-6) -> bool:
    if isinstance(wanted, (bool, str)) or isinstance(got, (bool, str)):
        return got == wanted
    return abs(got - wanted) <= max(1e-9 * abs(wanted), increment * 1e-3)


def ready(checks: Checks, dut: DeviceUnderTest, rows: list[dict]) -> list[dict]:
    """Without what is still to come."""
    missing = {row["name"] for row in rows if row["name"] in NOT_YET and is_to_come(dut, row)}
    for name in sorted(missing):
        checks.skip(name, "it is still to come")
    return [row for row in rows if row["name"] not in missing]


def is_to_come(dut: DeviceUnderTest, row: dict) -> bool:
    node = dut.node(row["name"])
    if node is None:
        return True
    return row["name"] == "TriggerSource" and entries_of(node) != row["entries"]


def facts(checks: Checks, dut: DeviceUnderTest, rows: list[dict]) -> None:
    """Existence, type, access, range, increment, unit, entries."""
    for row in rows:
        name, node = row["name"], dut.node(row["name"])
        if not checks.that(f"{name} exists", node is not None):
            continue
        checks.equal(f"{name}: type", type_of(node), row["type"])
        if row["type"] == "Category":
            continue
        if "from" in row:
            register = dut.description.register(name)
            checks.that(f"{name} comes with an {row['from']}", not register or register.port != "Device")
        else:
            with dut.given(row.get("free", {})):
                access = node.get_actual_access_mode().value_nick.upper()
                checks.equal(f"{name}: access", access, row["access"])
                ranges(checks, dut, row)
        if row["type"] == "Enumeration":
            numbered = isinstance(row["entries"], dict)
            got = entries_of(node)
            checks.equal(
                f"{name}: entries",
                got if numbered else sorted(got),
                row["entries"] if numbered else sorted(row["entries"]),
            )
            shown = {entry.get_name(): entry.get_display_name() for entry in node.get_entries()}
            for entry, display in row.get("display", {}).items():
                checks.equal(f"{name}: {entry} is shown as printed", shown.get(entry), display)


def ranges(checks: Checks, dut: DeviceUnderTest, row: dict) -> None:
    if row["type"] not in ("Integer", "Float"):
        return
    name = row["name"]
    least, most, increment, unit = dut.bounds(name)
    if "min_follows" in row:
        follows = dut.get(row["min_follows"])
        checks.that(f"{name}: least is {row['min_follows']}", close(least, follows), (least, follows))
    elif "min" in row:
        checks.that(f"{name}: least", close(least, row["min"]), (least, row["min"]))
    if "max_follows" in row:
        follows = dut.get(row["max_follows"])
        checks.that(f"{name}: most is {row['max_follows']}", close(most, follows), (most, follows))
    elif "max" in row:
        checks.that(f"{name}: most", close(most, row["max"]), (most, row["max"]))
    if "inc" in row:
        checks.that(f"{name}: increment", close(increment, row["inc"]), (increment, row["inc"]))
    if "unit" in row:
        checks.equal(f"{name}: unit", unit or "", row["unit"])


def defaults(checks: Checks, dut: DeviceUnderTest, rows: list[dict], when: str) -> None:
    wrong = {}
    count = 0
    for row in rows:
        if "default" not in row or dut.node(row["name"]) is None:
            continue
        count += 1
        got = dut.get(row["name"])
        if not close(got, row["default"]):
            wrong[row["name"]] = (got, row["default"])
    checks.that(f"{count} features have their default {when}", not wrong, wrong)


def each_selected(dut: DeviceUnderTest, row: dict) -> list[dict]:
    """The choices of a selector under which a feature is tried."""
    selector = row.get("selector")
    if not selector or dut.node(selector) is None:
        return [{}]
    if type_of(dut.node(selector)) == "Enumeration":
        return [{selector: entry} for entry in entries_of(dut.node(selector)) if entry != "Image"]
    return [{selector: index} for index in {int(b) for b in dut.bounds(selector)[:2]}]


def writing(checks: Checks, dut: DeviceUnderTest, rows: list[dict]) -> None:
    """Every legal value is written through Aravis, and read back through Aravis and by packets."""
    untouched = dut.snapshot(LIVE)
    for row in rows:
        name = row["name"]
        if dut.node(name) is None or row["access"] != "RW" or row["type"] in ("Command", "Register"):
            continue
        if row.get("live") or row.get("apart"):  # Writing it stops the writer, or may: other tests do that.
            continue
        wrong, count = [], 0
        for selected in each_selected(dut, row):
            with dut.given(selected | row.get("free", {})), dut.given({name: dut.get(name)}):
                for value in legal_values(dut, row):
                    count += 1
                    dut.set(name, value)
                    got, units = dut.get(name), stored(dut, name)
                    if not close(got, value) or (
                        units is not None and units != dut.description.units(name, value)
                    ):
                        wrong.append((value, got, units))
        checks.that(f"{name}: {count} legal values are taken and read back", not wrong and count, wrong[:5])
        if dut.snapshot(LIVE) != untouched:
            restore(dut, rows)


def restore(dut: DeviceUnderTest, rows: list[dict]) -> None:
    """Sets back what a feature has taken along, such as a size that a readout mode has made smaller."""
    for row in 2 * rows:  # Twice: some of them take others along again.
        if row["access"] != "RW" or "default" not in row or row.get("live") or not dut.node(row["name"]):
            continue
        for selected in each_selected(dut, row):
            with dut.given(selected):
                if not close(dut.get(row["name"]), row["default"]):
                    with dut.given(row.get("free", {})):
                        dut.set(row["name"], row["default"])


def stored(dut: DeviceUnderTest, name: str) -> int | None:
    """The value as it stands in the register, by packets."""
    register = dut.description.register(name)
    if register is None or type_of(dut.node(name)) == "String":
        return None
    return register.taken_from(dut.raw.read_memory(register.address, register.size))


def refusals(checks: Checks, dut: DeviceUnderTest, rows: list[dict]) -> None:
    """Every illegal value is refused with the status that fits, and changes nothing."""
    for row in rows:
        name = row["name"]
        register = dut.description.register(name) if dut.node(name) else None
        if (
            register is None
            or register.port != "Device"
            or row["type"] in ("Register", "String")
            or row.get("adjusts")
        ):
            continue
        if row["access"] == "RO":
            wanted, values = WRITE_PROTECT, [0, 1, 0xFFFFFFFF]
        elif register.address < 0xA000:  # The standard's own registers are another test's.
            continue
        else:
            wanted, values = INVALID_PARAMETER, None
        with dut.given(row.get("free", {})):
            values = values or illegal_units(dut, row)
            refused(checks, dut, f"{name}: {len(values)} illegal values are refused", name, values, wanted)


def refused(checks: Checks, dut: DeviceUnderTest, sentence: str, name: str, values: list[int], wanted: int) -> None:
    register = dut.description.register(name)
    with dut.by_packets() as client:
        before, statuses = dut.snapshot(LIVE), []
        for units in values:
            content = (units & (1 << 8 * register.size) - 1).to_bytes(register.size, "big")
            try:
                client.write_memory(register.address, content)
                statuses.append(0)
            except Refused as refusal:
                statuses.append(refusal.status)
        checks.that(sentence, set(statuses) <= {wanted}, [f"{v}: {s:04x}" for v, s in zip(values, statuses)])
        after = dut.snapshot(LIVE)
        changed = [hex(a) for a in before if before[a] != after[a]]
        checks.that(f"{name}: and that changes nothing", not changed, changed)


def clipping(checks: Checks, dut: DeviceUnderTest, rows: list[dict]) -> None:
    """Above their range some features become the largest possible, whatever else is set."""
    for row in rows:
        if not row.get("clips"):
            continue
        name = row["name"]
        with dut.given(row["free"]), dut.given({name: dut.get(name)}):
            register = dut.description.register(name)
            for beyond in (row["max"] + 1, row["max"] + row["inc"], 0xFFFFFFFF):
                with dut.by_packets() as client:
                    client.write((register.address, beyond))
                checks.equal(f"{name}: {beyond} becomes the largest", dut.get(name), dut.bounds(name)[1])


def locks(checks: Checks, dut: DeviceUnderTest, rows: list[dict]) -> None:
    """What the manual makes dependent on another feature is locked by it, and the client is told so."""
    for row in rows:
        name = row["name"]
        if dut.node(name) is None:
            continue
        for settings in row.get("locked", []):
            if any(dut.node(other) is None for other in settings):
                continue
            with dut.given(row.get("free", {})), dut.given(settings):
                how = ", ".join(f"{other} = {value}" for other, value in settings.items())
                checks.that(f"{name}: locked with {how}", dut.node(name).is_locked())
                values = [1] if row["type"] == "Command" else [stored(dut, name)]
                if row.get("tolerant"):
                    sentence, wanted, values = "any value is acknowledged then", SUCCESS, [0, 4, 1 << 20]
                else:
                    sentence, wanted = "not even its own value is taken then", WRITE_PROTECT
                refused(checks, dut, f"{name}: {sentence}", name, values, wanted)
    restore(dut, rows)
    with dut.given({"TLParamsLocked": 1}):
        for row in rows:
            if row.get("frozen") and dut.node(row["name"]):
                checks.that(
                    f"{row['name']}: locked with the transport layer", dut.node(row["name"]).is_locked()
                )


def whole_lut(checks: Checks, dut: DeviceUnderTest) -> None:
    """The register of 1028 bytes is the same table as LUTIndex and LUTValue show, entry by entry."""
    register = dut.description.register("LUTValueAll")
    identity = [min(65535, 256 * i) for i in range(257)]
    entries = [int.from_bytes(word, "big") for word in words(dut.raw.read_long(register.address, 1028))]
    checks.equal("LUTValueAll: 257 entries, which change nothing", entries, identity)
    turned = b"".join(value.to_bytes(4, "big") for value in reversed(identity))
    with dut.by_packets() as client:
        for at in range(0, 1028, 512):
            client.write_memory(register.address + at, turned[at : at + 512])
    shown = []
    for index in range(257):
        dut.set("LUTIndex", index)
        shown.append(dut.get("LUTValue"))
    checks.equal("LUTValueAll: what is written shows in LUTValue", shown, identity[::-1])
    with dut.by_packets() as client:
        checks.refused(
            "LUTValueAll: an entry of 17 bits is refused",
            INVALID_PARAMETER,
            lambda: client.write_memory(register.address, (65536).to_bytes(4, "big")),
        )
        straight = b"".join(value.to_bytes(4, "big") for value in identity)
        for at in range(0, 1028, 512):
            client.write_memory(register.address + at, straight[at : at + 512])
    dut.set("LUTIndex", 0)


def words(content: bytes) -> list[bytes]:
    return [content[at : at + 4] for at in range(0, len(content), 4)]


def matrix(checks: Checks, dut: DeviceUnderTest) -> None:
    """The manual prints no coefficients: those of the factory leave grey as it is."""
    for line in range(3):
        total = 0.0
        for column in range(3):
            with dut.given({"ColorTransformationValueSelector": f"Gain{line}{column}"}):
                total += dut.get("ColorTransformationValue")
        checks.that(f"ColorTransformationValue: row {line} adds up to 1", close(total, 1), total)


def absences(checks: Checks, dut: DeviceUnderTest, names: list[str]) -> None:
    present = [name for name in names if dut.node(name) is not None]
    checks.that(f"{len(names)} features of other cameras are not there", not present, present)


def chunk_values(checks: Checks, dut: DeviceUnderTest) -> None:
    """The values that exposed a frame come along with it, and Aravis reads them as the real numbers that they are."""
    wanted = {"ExposureTime": 4321.0, "Gain": 6.5}
    small = {"Width": 528, "Height": 64, "AcquisitionFrameRate": 20.0}
    automatic = {"ExposureAuto": "Off", "GainAuto": "Off"}
    with dut.given(small | automatic | wanted):
        dut.camera.set_chunks("ExposureTime Gain")
        stream = grab.open_stream(dut.camera, packet_size=1500)
        dut.camera.start_acquisition()
        buffer = next((b for b in grab.buffers_for(stream, 30) if grab.succeeded(b)), None)
        dut.camera.stop_acquisition()
        if checks.that("a frame with chunks comes", buffer is not None and buffer.has_chunks()):
            parser = dut.camera.create_chunk_parser()
            for name, value in wanted.items():
                got = parser.get_float_value(buffer, f"Chunk{name}")
                checks.that(f"Chunk{name} is {value}", close(got, value), got)
        del stream
        dut.camera.set_chunk_mode(False)
        for name in wanted:
            dut.set("ChunkSelector", name)
            dut.set("ChunkEnable", False)
        dut.set("ChunkSelector", "ExposureTime")


def commands(checks: Checks, dut: DeviceUnderTest, rows: list[dict]) -> None:
    for row in rows:
        name = row["name"]
        if row["type"] != "Command" or dut.node(name) is None or row.get("ends") or row.get("apart"):
            continue
        with dut.given(row.get("free", {})):
            dut.device.execute_command(name)
            checks.that(f"{name} can be executed", True)
            if name == "AcquisitionStart":
                dut.device.execute_command("AcquisitionStop")


CHANGED = {
    "OffsetAutoCenter": False,
    "Width": 1024,
    "PixelFormat": "BGR8",
    "Gamma": 2.0,
    "Hue": 10.0,
    "TriggerMode": "On",
    "StrobeDelay": 5,
    "Focus": 9000,
    "GevSCPD": 1000,
    "UserSetSelector": "UserSet1",
}


def factory_reset(checks: Checks, rows: list[dict]) -> None:
    """Whatever was set and kept, afterwards everything is as the factory made it."""
    with DeviceUnderTest(CAMERA) as dut:
        if dut.node("DeviceFactoryReset") is None:
            return checks.skip("DeviceFactoryReset", "it is still to come")
        rows = [row for row in rows if dut.node(row["name"])]
        for name, value in CHANGED.items():
            dut.set(name, value)
        dut.device.execute_command("UserSetSave")
        dut.set("UserSetDefault", "UserSet1")
        dut.device.execute_command("DeviceFactoryReset")
    with Client(CAMERA) as client:
        checks.that("after a factory reset it answers again", client.discover())
        checks.equal("nobody controls it then", client.read_one(CCP), 0)
    with DeviceUnderTest(CAMERA) as dut:
        checks.section(defaults, dut, rows, "after a factory reset")


def everything(checks: Checks, agreed: dict) -> None:
    rows = sentences(agreed)
    with DeviceUnderTest(CAMERA) as dut:
        rows = ready(checks, dut, rows)
        checks.section(facts, dut, rows)
        checks.section(absences, dut, agreed["absent"])
        checks.section(defaults, dut, rows, "after power-up")
        checks.section(matrix, dut)
        checks.section(writing, dut, rows)
        checks.section(refusals, dut, rows)
        checks.section(clipping, dut, rows)
        checks.section(locks, dut, rows)
        checks.section(whole_lut, dut)
        checks.section(chunk_values, dut)
        checks.section(defaults, dut, rows, "after all of that")
        checks.section(commands, dut, rows)
    checks.section(factory_reset, sentences(agreed))


def five_in_the_field(checks: Checks, agreed: dict) -> None:
    """Node types of the field: five features are something else, and only they."""
    rows = [row | row["field"] for row in agreed["documented"] if "field" in row]
    five = {row["name"] for row in rows}
    others = [row for row in sentences(agreed) if row["name"] not in five]
    with DeviceUnderTest(CAMERA) as dut:
        rows = ready(checks, dut, rows)
        checks.section(facts, dut, rows)
        checks.section(writing, dut, rows)
        checks.section(refusals, dut, rows)
        same = [
            row["name"]
            for row in others
            if dut.node(row["name"]) and type_of(dut.node(row["name"])) != row["type"]
        ]
        checks.that("in the field all others have the types of the manual", not same, same)


def main() -> None:
    checks = Checks()
    agreed = contract.load()
    checks.equal("the manual documents 123 features", len({row["name"] for row in agreed["documented"]}), 123)
    with tempfile.TemporaryDirectory() as state, Camera("--factory", "--state-dir", state, scene=DARK):
        everything(checks, agreed)
    with Camera("--factory", scene=DARK, config={"node_types": "field"}):
        checks.section(five_in_the_field, agreed)
    checks.finish()


if __name__ == "__main__":
    main()
