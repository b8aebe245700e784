#!/usr/bin/env python3
"""The examination examined: the correct client fails nothing, and the scenario of each rule finds who breaks it.

Without `--all` only scenarios that find a mistake run, and twelve mistakes; `--all` is the long form, with Aravis too.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from camera import ROOT, program
from checks import Checks
from examined_client import MISTAKES

try:
    import jsonschema
except ImportError:
    jsonschema = None

FOLDER = ROOT / "configs" / "examination"
CLIENT = [sys.executable, str(Path(__file__).parent / "examined_client.py")]
ARAVIS = ["/usr/bin/python3", str(ROOT / "examples" / "python" / "aravis_client.py")]
FOUND_BY = {
    "no_retry": "command_lost",
    "new_request_id_on_retry": "ack_lost",
    "takes_any_ack": "acks_twice",
    "ignores_pending": "pending_ack",
    "no_heartbeat": "heartbeat",
    "writes_without_control": "control_lost",
    "keeps_size_without_test_packet": "path_of_1400_bytes",
    "forgets_event_ack": "events",
    "truncated_is_complete": "block_truncated",
    "missing_is_complete": "packet_lost_for_good",
    "asks_resend_forever": "resend_ignored",
    "dropped_after_wrap": "block_id_wrap",
    # The long form has these as well.
    "floods_retries": "acks_lost_for_2_s",
    "keeps_old_payload_size": "format_changes",
    "waits_for_trailer": "trailer_never",
    "asks_refused_again": "resend_refused",
    "16_bit_ids": "block_id_wrap_of_64_bits",
    "mixes_old_packets": "packets_of_an_old_block",
    "counts_duplicates": "packets_twice",
    "places_by_arrival": "packets_in_other_order",
}
IN_SHORT = 12
AT_ONCE = 3  # cameras, each at an address of its own; scenarios mostly wait
BOUND_S = 1200
BUSY = 2  # scenarios that a busy machine may leave tolerated or not exercised
LEAST_PASSED_ARAVIS = 40  # of all


def names() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("*.json"))


def examine(client: list[str], only: list[str]) -> tuple[int, dict[str, dict]]:
    """The exit code, and the report of each scenario."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [program(), "examine"]
        for name in only:
            command += ["--only", name]
        command += ["--json", str(report), "--", *client]
        run = subprocess.run(command, capture_output=True, text=True, timeout=BOUND_S)
        if not report.exists():
            raise RuntimeError(f"gigemu ended with {run.returncode}: {(run.stdout + run.stderr)[-500:]}")
        return run.returncode, {one["scenario"]: one for one in json.loads(report.read_text())["scenarios"]}


def seen(report: dict) -> str:
    steps = [f"{step['what']}: {step['seen']}" for step in report["steps"] if step["verdict"] != "passed"]
    return f"{report.get('client_failed', '')} {'; '.join(steps)}".strip()[:600]


def files(checks: Checks) -> None:
    checks.that("there are at least forty scenarios", len(names()) >= 40, len(names()))
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \| (.+) \|$", (ROOT / "docs" / "examination.md").read_text(), re.MULTILINE)
    checks.equal("the table has all of them", sorted(row[0] for row in rows), names())
    schema = json.loads(subprocess.run([program(), "--schema", "scenario"], capture_output=True, check=True).stdout)
    for name, condition, rule, clause in rows:
        file = FOLDER / f"{name}.json"
        scenario = json.loads(file.read_text())
        agrees = (scenario["name"], scenario["what"]) == (name, f"{condition} {rule}")
        checks.that(f"{name} is what the table says", agrees and scenario["clause"].endswith(clause), scenario["what"])
        check = subprocess.run([program(), "check", str(file)], capture_output=True, text=True, timeout=30)
        checks.that(f"{name} is well-formed", check.returncode == 0, check.stderr)
        if jsonschema is not None:
            errors = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(scenario)]
            checks.equal(f"{name} fits the schema", errors, [])


def fails_nothing(checks: Checks, client: str, command: list[str], only: list[str], least: int) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda part: examine(command, part), [only[i::AT_ONCE] for i in range(AT_ONCE)]))
    code = max(code for code, _ in outcomes)
    reports = {name: report for _, part in outcomes for name, report in part.items()}
    grades = Counter(report["grade"] for report in reports.values())
    for name, report in reports.items():
        checks.that(f"{client} does not fail {name}", report["grade"] != "failed", seen(report))
    checks.equal(f"{client} is through", code, 0)
    checks.that(f"{client} passes {least} or more", grades["passed"] >= least, dict(grades))


def mistakes(checks: Checks, chosen: list[str]) -> None:
    checks.equal("each mistake has its scenario", set(FOUND_BY), set(MISTAKES))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = pool.map(lambda mistake: examine([*CLIENT, "--mistake", mistake], [FOUND_BY[mistake]]), chosen)
    for mistake, (code, reports) in zip(chosen, outcomes):
        name = FOUND_BY[mistake]
        found = (code, reports[name]["grade"]) == (1, "failed")
        checks.that(f"{mistake} is found by {name}", found, f"{reports[name]['grade']}: {seen(reports[name])}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="the long form")
    every = parser.parse_args().all
    checks = Checks()
    chosen = list(FOUND_BY)[: None if every else IN_SHORT]
    only = names() if every else sorted({FOUND_BY[mistake] for mistake in chosen})
    checks.section(files)
    checks.section(fails_nothing, "the correct client", CLIENT, only, len(only) - BUSY)
    checks.section(mistakes, chosen)
    if every:
        checks.section(fails_nothing, "Aravis", ARAVIS, only, LEAST_PASSED_ARAVIS)
    checks.finish()


if __name__ == "__main__":
    main()
