#!/usr/bin/env python3
"""gigemu test: exit codes, clients that hang, fork, crash or print without end, reports and evidence; and the scenario of a
camera that runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from camera import ROOT, program
from checks import Checks

sys.path.insert(0, str(ROOT / "examples" / "python"))
from gigemu import Gigemu, Json, Refused  # noqa: E402

CAMERA = {"scene": "flat_field", "features": {"Width": 528, "Height": 256, "ExposureAuto": "Off", "ExposureTime": 1000}}
WAITS = [{"when": {"client": "ended"}}]


def test(folder: Path, scenario: Json | str, *client: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    file = folder / "scenario.json"
    file.write_text(scenario if isinstance(scenario, str) else json.dumps(scenario))
    command = [program(), "test", str(file), *options, *(["--", *client] if client else [])]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def of(steps: list[Json], **keys: object) -> Json:
    return {"camera": CAMERA, "steps": steps, **keys}


def exit_codes(checks: Checks, folder: Path) -> None:
    passes = [{"expect": {"get": "/camera/features/Width", "answer": {"value": 528}}}]
    run = test(folder, of(passes))
    checks.equal("a scenario that passes", (run.returncode, run.stderr), (0, ""))
    checks.that("with a table on the terminal", "passed" in run.stdout and "GET /api/v1/camera" in run.stdout, run.stdout)
    run = test(folder, of([{"expect": {"journal": {"command": "ACTION_CMD"}}}]))
    checks.equal("an expectation that does not hold", run.returncode, 1)
    run = test(folder, of([{"expect": {"journal": {}}}], steps_=1))
    checks.equal("a key that does not exist", (run.returncode, run.stderr.count("\n")), (2, 1))
    checks.that("is named with its file", "scenario.json: steps_: " in run.stderr, run.stderr)
    run = test(folder, "{")
    checks.equal("no JSON", (run.returncode, run.stderr.count("\n")), (2, 1))
    checks.equal("a file that is not there", subprocess.run([program(), "test", "/none.json"], capture_output=True).returncode, 2)
    checks.equal("a client that is not named", test(folder, of(WAITS)).returncode, 2)
    file = str(folder / "scenario.json")
    on_start = subprocess.run([program(), "--scenario", file], capture_output=True, text=True, timeout=60)
    checks.equal("nor for --scenario", (on_start.returncode, on_start.stderr.count("\n")), (2, 1))
    checks.equal("nor an examination", subprocess.run([program(), "examine"], capture_output=True).returncode, 2)
    checks.equal("a client that fails", test(folder, of(WAITS), "sh", "-c", "exit 7").returncode, 3)
    checks.equal("a client that may fail", test(folder, of(WAITS, client={"may_fail": True}), "false").returncode, 0)
    checks.equal("no such program", test(folder, of(WAITS), "/no/such/program").returncode, 3)
    checks.equal("a client that succeeds", test(folder, of(WAITS), "true").returncode, 0)
    run = test(folder, of([{"when": {"journal": {"command": "ACTION_CMD"}}}], limit_s=1))
    checks.equal("a moment that does not come", run.returncode, 124)
    checks.that("says so", "limit of 1000 ms" in run.stdout, run.stdout)


def clock_that_stands(checks: Checks, folder: Path) -> None:
    paused = {"do": {"post": "/clock", "body": {"rate": 0}}}
    run = test(folder, of([paused, {"after_s": 1}], limit_s=2), options=("--timeout", "1"))
    checks.equal("a clock that stands does not hold the test up", run.returncode, 124)
    checks.that("which says so", "--timeout is over" in run.stdout, run.stdout)


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def wild_clients(checks: Checks, folder: Path) -> None:
    pids = folder / "pids"
    run = test(folder, of(WAITS, limit_s=1), "sh", "-c", f"echo $$ > {pids}; trap '' TERM; while :; do sleep 1; done")
    checks.equal("a client that hangs", run.returncode, 124)
    checks.that("is named", "the client still runs" in run.stdout, run.stdout)
    checks.that("and ended", gone(int(pids.read_text())))
    leaves = f"setsid sh -c 'echo $$ > {pids}; exec sleep 100' & while [ ! -s {pids} ]; do :; done"
    pids.unlink()
    run = test(folder, of(WAITS), "sh", "-c", leaves)
    checks.equal("a client that leaves a process behind", run.returncode, 3)
    checks.that("which is named", "1 process(es) behind: sleep" in run.stdout, run.stdout)
    checks.that("and ended", gone(int(pids.read_text())))
    run = test(folder, of(WAITS), "sh", "-c", "kill -SEGV $$")
    checks.equal("a client that crashes", run.returncode, 3)
    checks.that("with its signal", "signal 11" in run.stdout, run.stdout)
    run = test(folder, of(WAITS), "yes")
    checks.equal("a client that prints without end", run.returncode, 3)
    checks.that("is ended for it", "printed more than 200000 lines" in run.stdout, run.stdout)
    run = test(folder, of(WAITS), "sh", "-c", "head -c 10000000 /dev/zero")
    checks.equal("a line of 10 MB without an end is taken in parts", run.returncode, 0)


def reports(checks: Checks, folder: Path) -> None:
    steps = [
        {"when": {"journal": {"writes": {"feature": "AcquisitionStart"}}, "within_s": 20}},
        {"when": {"signals": {"signal": "transfer_end", "block_id": 5}, "within_s": 10}},
        {"name": "wrong", "expect": {"blocks": {"packets_resent": {"$min": 1}}}},
    ]
    junit, report, evidence = folder / "junit.xml", folder / "report.json", folder / "evidence"
    options = ("--junit", str(junit), "--json", str(report), "--evidence", str(evidence))
    client = "exec arv-camera-test-0.8 -n $GIGEMU_TEST_ADDRESS --duration=20"
    run = test(folder, of(steps, name="kept"), "sh", "-c", client, options=options)
    checks.equal("a client that streams, and an expectation that fails", run.returncode, 1)
    suite = ElementTree.parse(junit).getroot().find("testsuite")
    counts = {key: suite.get(key) for key in ("name", "tests", "failures", "skipped")}
    checks.equal("JUnit", counts, {"name": "kept", "tests": "3", "failures": "1", "skipped": "0"})
    content = json.loads(report.read_text())
    checks.equal("JSON", [step["verdict"] for step in content["steps"]], ["passed", "passed", "failed"])
    kept = sorted(path.name for path in (evidence / "kept").iterdir())
    wanted = {"journal.json", "blocks.json", "signals.json", "faults.json", "features.json", "client.txt", "report.json"}
    checks.that("evidence", wanted < set(kept), kept)
    frames = [name for name in kept if name.startswith("block_")]
    checks.that("with the last frames and their truth", len(frames) == 6, frames)
    packets = subprocess.run(
        ["tshark", "-r", str(evidence / "kept" / "session_1.pcapng"), "-Y", "gvcp", "-T", "fields", "-e", "frame.number"],
        capture_output=True,
        text=True,
    )
    checks.that("and the packets of control", len(packets.stdout.splitlines()) > 20, packets.stderr[-200:])


def environment(checks: Checks, folder: Path) -> None:
    client = "import os; print(*(os.environ['GIGEMU_TEST_' + name] for name in ('ADDRESS', 'SERIAL', 'HTTP')))"
    line = {"$matches": r"^127\.\d+\.\d+\.\d+ 39265007 127\.\d+\.\d+\.\d+:8080$"}
    steps = [{"when": {"client": "ended"}}, {"expect": {"output": {"line": line, "stream": "stdout"}}}]
    scenario = of(steps) | {"camera": CAMERA | {"serial": "39265007"}}
    run = test(folder, scenario, sys.executable, "-c", client)
    checks.equal("a client finds the camera by its environment", (run.returncode, run.stdout[-200:] * run.returncode), (0, ""))
    run = subprocess.run([program(), "check", str(folder / "scenario.json")], capture_output=True, text=True)
    checks.that("gigemu check names a scenario", 'the scenario "scenario", with 2 step(s)' in run.stdout, run.stdout + run.stderr)


def on_a_running_camera(checks: Checks, folder: Path) -> None:
    with Gigemu(scene="flat_field", features=CAMERA["features"]) as camera:
        train = {"post": "/camera/lines/trigger_in/train", "body": {"period_us": 20000, "width_us": 100, "count": 5}}
        steps = [{"at_s": 0.1, "do": train}, {"expect": {"signals": {"signal": "trigger_in"}, "at_least": 10, "within_s": 5}}]
        report = camera.scenario.run({"name": "pulses", "steps": steps})
        checks.equal("a scenario over HTTP", (report["verdict"], report["steps"][0]["at_s"]), ("passed", 0.1))
        edges = [signal["time_ns"] for signal in camera.signals() if signal["signal"] == "trigger_in"]
        checks.equal("at its camera time", [b - a for a, b in zip(edges[::2], edges[2::2])], [20_000_000] * 4)
        camera.scenario.start({"steps": [{"at_s": 1000}], "limit_s": 2000})
        camera.reset()
        checks.equal("a reset ends it", camera.scenario.report()["scenario"], "")
        try:
            camera.scenario.start({"steps": [{"expect": {"output": {}}}]})
            checks.that("output without a client is refused", False)
        except Refused as refusal:
            checks.equal("output without a client is refused", (refusal.status, refusal.key), (400, "steps"))
    file = folder / "start.json"
    file.write_text(json.dumps({"steps": [{"at_s": 0.2, "do": {"put": "/camera/lines/trigger_in", "body": {"high": True}}}]}))
    with Gigemu(scene="flat_field", options=["--scenario", str(file)]) as camera:
        checks.that("--scenario runs from the start", camera.scenario.report()["scenario"] == "start")
        camera.journal.entries()


def main() -> None:
    checks = Checks()
    os.environ["GIGEMU"] = program()
    for part in (exit_codes, clock_that_stands, wild_clients, reports, environment, on_a_running_camera):
        with tempfile.TemporaryDirectory() as folder:
            part(checks, Path(folder))
    checks.finish()


if __name__ == "__main__":
    main()
