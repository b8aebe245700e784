"""Debian's Chromium, driven by a script of Node: what is needed for it, and how it is asked."""

from __future__ import annotations

import ctypes
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import npm

PR_CAPBSET_DROP, CAP_SYS_NICE = 24, 23
SCRIPT = Path(__file__).with_name("page_browser.mjs")


def missing() -> str:
    """Why there is no browser; empty if there is one."""
    for program, package in (("chromium", "chromium"), ("node", "nodejs")):
        if not shutil.which(program):
            return f"{program} is not installed (package {package})"
    try:
        for name in npm.PACKAGES:
            npm.fetch(name)
    except (OSError, ValueError) as error:
        return f"a package of npm cannot be had: {error}"
    return ""


def start(**job: object) -> subprocess.Popen:
    tools = {"playwright": str(npm.folder("playwright-core")), "axe": str(npm.folder("axe-core") / "axe.min.js")}
    command = ["node", str(SCRIPT), json.dumps(tools | job)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=_keep_priority
    )


def _keep_priority() -> None:
    """As root Chromium would go before all others; a user's browser cannot."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_SYS_NICE)


def told(process: subprocess.Popen, do: Callable[[str], str]) -> Iterator[list[str]]:
    """Its lines, apart; where it asks for something to be done, that is done and answered."""
    for line in process.stdout:
        kind, *rest = line.rstrip("\n").split("\t")
        if kind == "do":
            process.stdin.write(do(rest[0]) + "\n")
            process.stdin.flush()
        else:
            yield [kind, *rest]
