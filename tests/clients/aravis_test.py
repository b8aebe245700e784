#!/usr/bin/env python3
"""Aravis's own tools, unmodified, find the camera, test it, set its features and stream from it.

On loopback, and across a veth pair from a namespace of their own.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import netns
from camera import Camera, ask_program
from checks import SKIPPED, Checks

CAMERA = "127.0.0.1"
NAME = "The Imaging Source Europe GmbH-DFK 39GX265-Z20-39265001"
CONFIGURATION = Path(__file__).with_name("arv-test.cfg")
SCHEMA = "/org/aravis/GenApiSchema_Version_1_1.xsd"
TOOLS = ("arv-tool-0.8", "arv-test-0.8", "arv-camera-test-0.8")

# Checks of arv-test-0.8 that do not apply, and why. All others must succeed.
NOT_APPLICABLE = {
    "Genicam:Schema": "it loads the schema of version 1.0 for cameras of 1.1; xmllint is asked instead",
    "Chunks:BufferCheck": "it takes chunks for integers, and these are real numbers; contract_test.py reads them",
}
# What it says where a camera declares that it cannot do something; the refusal is then what is checked.
DECLARED_ABSENT = {
    "Multipart:NoSupport": "the camera sends images, not parts",
}
# The client asks for frames that wait in a default receive buffer while the machine does something else; --full
# takes them as the camera sends them at power-up, as factory_state.py does.
SMALL = ["--width", "528", "--height", "64", "--frequency", "20"]
ATTEMPTS = 3


class Host:
    """Runs commands here, or in a namespace."""

    def __init__(self, *prefix: str) -> None:
        self._prefix = prefix

    def run(self, *command: str, timeout_s: float = 60) -> str:
        done = subprocess.run([*self._prefix, *command], capture_output=True, text=True, timeout=timeout_s)
        return done.stdout + done.stderr


def description(checks: Checks) -> None:
    """The schema comes out of Aravis's own program; it is not ours to ship."""
    if not shutil.which("gresource"):
        return checks.skip("the description is valid", "gresource (libglib2.0-bin) is not installed")
    with tempfile.TemporaryDirectory() as folder:
        schema, file, profile = (Path(folder, name) for name in ("schema.xsd", "camera.xml", "camera.json"))
        program = shutil.which("arv-test-0.8") or ""
        schema.write_bytes(
            subprocess.run(["gresource", "extract", program, SCHEMA], check=True, capture_output=True).stdout
        )
        for types in ("manual", "field"):
            profile.write_text(json.dumps({"node_types": types}))
            file.write_text(ask_program("--config", str(profile), "--xml"))
            lint = subprocess.run(
                ["xmllint", "--noout", "--schema", schema, file], capture_output=True, text=True
            )
            checks.that(
                f"the description with the types of the {types} validates against GenApi schema 1.1",
                lint.returncode == 0,
                lint.stderr[-300:],
            )


def discovery(checks: Checks, host: Host, where: str, address: str) -> None:
    listing = host.run("arv-tool-0.8")
    checks.that(f"{where}: discovery lists it", f"{NAME} ({address})" in listing, listing)


def own_tests(checks: Checks, host: Host, where: str, address: str, netns: str) -> None:
    """A camera as it left the factory each time; a check counts if one attempt succeeds, as the machine may stall."""
    results: dict[str, tuple[str, str]] = {}
    for _ in range(ATTEMPTS):
        with Camera(address=address, netns=netns):
            output = host.run("arv-test-0.8", "-c", str(CONFIGURATION), timeout_s=120)
        for test, *outcome in re.findall(
            r"^(\w+:\w+) +(SUCCESS|FAILURE|IGNORED) ?(.*)$", output, re.MULTILINE
        ):
            if results.get(test, ("", ""))[0] != "SUCCESS":
                results[test] = (outcome[0], outcome[1])
        if all(result == "SUCCESS" for test, (result, _) in results.items() if test not in NOT_APPLICABLE):
            break
    checks.that(f"{where}: arv-test runs", len(results) > 15, output[-300:])
    for test, (result, note) in results.items():
        if test in NOT_APPLICABLE:
            checks.skip(f"{where}: {test}", NOT_APPLICABLE[test])
            continue
        reason = f" ({DECLARED_ABSENT[test]})" if test in DECLARED_ABSENT else ""
        checks.equal(f"{where}: {test}{reason}", result, "SUCCESS") or print(f"      {note}")


def streaming(checks: Checks, host: Host, where: str, *options: str) -> None:
    size = [] if "--full" in sys.argv else SMALL
    output = host.run("arv-camera-test-0.8", "--duration", "3", *size, *options)
    counts = {name: int(value) for name, value in re.findall(r"^(n_\w+) += (\d+)", output, re.MULTILINE)}
    how = f"{where}: streaming {' '.join(options) or 'with the packet socket'}"
    checks.that(f"{how}: frames come", counts.get("n_completed_buffers", 0) > 10, output[-600:])
    checks.equal(
        f"{how}: none fails",
        {n: counts.get(n) for n in ("n_failures", "n_underruns", "n_size_mismatch_errors")},
        {"n_failures": 0, "n_underruns": 0, "n_size_mismatch_errors": 0},
    )


def features(checks: Checks, host: Host, where: str, address: str) -> None:
    settings = {
        "Width": "544",
        "Height": "256",
        "PixelFormat": "BayerRG12p",
        "ExposureAuto": "Off",
        "ExposureTime": "4000",
        "GainAuto": "Off",
        "Gain": "6",
        "ReverseX": "true",
        "DeviceUserID": "wide",
        "GevSCPD": "1000",
        "FPS": "5",
    }
    tool = ["arv-tool-0.8", "-a", address, "control"]
    for name, value in settings.items():
        output = host.run(*tool, f"{name}={value}")
        checks.that(f"{where}: {name} = {value}", re.search(rf"^{name} = {value}\b", output), output)
    for name, value in {"PayloadSize": str(544 * 256 * 3 // 2), "DeviceModelName": "DFK 39GX265-Z20"}.items():
        output = host.run(*tool, name)
        checks.that(
            f"{where}: {name} is {value}", re.search(rf"^{name} = {re.escape(value)}\b", output), output
        )
    output = host.run(*tool, "Width=17")
    checks.that(f"{where}: an illegal Width is refused", "Width = 17" not in output, output)
    values = host.run("arv-tool-0.8", "-a", address, "values")
    checks.that(
        f"{where}: all values can be read",
        "AcquisitionFrameRate" in values and "rror" not in values,
        values[-400:],
    )


def everything(checks: Checks, host: Host, where: str, address: str, netns: str, packet_socket: bool) -> None:
    with Camera(address=address, netns=netns):
        checks.section(discovery, host, where, address)
        checks.section(streaming, host, where, "--no-packet-socket")
        if packet_socket:
            checks.section(streaming, host, where)
        checks.section(features, host, where, address)
    checks.section(own_tests, host, where, address, netns)


def main() -> None:
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        print(f"skip  aravis_test.py: {', '.join(missing)} not installed (aravis-tools, aravis-tools-cli)")
        sys.exit(SKIPPED)
    may_capture = netns.prepare()
    checks = Checks()
    checks.section(description)
    everything(checks, Host(), "loopback", CAMERA, "", may_capture)
    if netns.possible():
        with netns.Network("camera", "client") as network:
            client = Host(*network.command("client"))
            everything(checks, client, "veth", network.address("camera"), network.name("camera"), True)
    else:
        checks.skip("across a veth pair", netns.REASON)
    checks.finish()


if __name__ == "__main__":
    main()
