#!/usr/bin/env python3
"""What is installed: files, manual page, completion, the service, and the wheel from an empty environment to a green test."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from camera import ROOT, ask_program, program
from checks import SKIPPED, Checks

BUILD = Path(program()).resolve().parent
PACKAGE = ROOT / "configs" / "package"
COMPLETE = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gigemu; printf '%s\\n' "${COMPREPLY[@]}"
"""
TEST = """
import pytest

@pytest.mark.gigemu(scene="flat_field")
def test_width(gigemu):
    assert gigemu.features["Width"] == 2048
"""


def done(*command: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=200, **more)


def installed(checks: Checks, folder: Path) -> None:
    run = done("cmake", "--install", BUILD, "--prefix", folder)
    if not checks.equal("it is installed", run.returncode, 0):
        print(run.stderr)
        return
    version = done(folder / "bin/gigemu", "--version").stdout
    checks.that("the program runs where it is put", version.startswith("gigemu "), version)
    page = gzip.decompress((folder / "share/man/man1/gigemu.1.gz").read_bytes()).decode()
    told = set(re.findall(r"--[a-z-]+", page.replace("\\-", "-")))
    for command in ([], *([one] for one in commands())):
        options = set(re.findall(r"^  (?:-h,)?(--[a-z-]+)", ask_program(*command, "--help"), re.M))
        checks.that(f"the manual page has all options of gigemu {''.join(command)}", options <= told, options - told)
    if shutil.which("man"):
        run = done("man", "-l", "--warnings", folder / "share/man/man1/gigemu.1.gz")
        checks.equal("which groff sets without a warning", (run.returncode, run.stderr), (0, ""))


def commands() -> list[str]:
    listed = ask_program("--help").split("Subcommands:\n")[1].split("\n\n")[0]
    return re.findall(r"^  ([a-z]+)", listed, re.M)


def completion(checks: Checks, folder: Path) -> None:
    path = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    for words, wanted in (
        (["gigemu", "doc"], ["doctor"]),
        (["gigemu", "--scen"], ["--scene", "--scenario", "--scene-settings"]),
        (["gigemu", "--scene", "conv"], ["conveyor"]),
        (["gigemu", "relay", "--reac"], ["--reached-at"]),
        (["gigemu", "--log-level", "w"], ["warning"]),
    ):
        run = done("bash", "-c", COMPLETE, "bash", PACKAGE / "completion.bash", *words, env=path)
        checks.equal(f"bash completes {' '.join(words)}", sorted(run.stdout.split()), sorted(wanted))


def service(checks: Checks, folder: Path) -> None:
    if not shutil.which("systemd-analyze"):
        checks.skip("the service", "no systemd-analyze here")
        return
    unit = folder / "gigemu@eth0.service"
    text = (folder / "lib/systemd/system/gigemu@.service").read_text()
    unit.write_text(text.replace("/usr/bin/gigemu", str(folder / "bin/gigemu")))
    run = done("systemd-analyze", "verify", "--man=no", unit)
    checks.equal("systemd has no objection to the service", (run.returncode, run.stderr), (0, ""))
    run = done("systemd-analyze", "security", "--offline=yes", "--threshold=25", unit)
    checks.equal("and little exposure", run.returncode, 0)


def wheel(checks: Checks, folder: Path) -> None:
    version = ask_program("--version").split()[1]
    names = []
    for part in ("one", "two"):
        (folder / part).mkdir()
        run = done(sys.executable, PACKAGE / "wheel.py", program(), version, folder / part)
        names.append(Path(run.stdout.strip()))
    checks.equal("a wheel twice made is the same", names[0].read_bytes(), names[1].read_bytes())
    environment = folder / "environment"
    made = done("/usr/bin/python3", "-m", "venv", "--system-site-packages", "--without-pip", environment)
    python = environment / "bin/python"
    put = done(python, "-m", "pip", "install", "--no-index", "--no-deps", "-q", names[0])
    if not checks.equal("it is installed", (made.returncode, put.returncode), (0, 0)):
        print(put.stderr)
        return
    test = folder / "test_it.py"
    test.write_text(TEST)
    clean = {name: value for name, value in os.environ.items() if name not in ("GIGEMU", "PYTHONPATH")}
    run = done(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", test, env=clean, cwd=folder)
    checks.that("and a test with a camera is green", "1 passed" in run.stdout, run.stdout[-600:] + run.stderr[-300:])


def main() -> None:
    if not (BUILD / "CMakeCache.txt").is_file():
        print(f"skip  package.py: {BUILD} is no build folder")
        sys.exit(SKIPPED)
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="gigemu-package-") as name:
        folder = Path(name) / "usr"
        for section in (installed, completion, service):
            checks.section(section, folder)
        checks.section(wheel, Path(name))
    checks.finish()


if __name__ == "__main__":
    main()
