#!/usr/bin/env python3
"""Plants each mistake of tests/world/mutants in a copy of the source, and says at which seed the world finds it.

    tests/world/mutants.py [--seeds N] [--limit S] [--jobs N] [--only WORD] [PATCH...]

The copy and its build stay in build-mutants, so that a mistake costs the compilation of what it touches. The exit
code is 1 if a mistake is not found, or does not apply or compile any more.
"""
import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPY = ROOT / "build-mutants"
BUILD = COPY / "build-u"


def run(*command, timeout=None, check=True):
    done = subprocess.run(command, cwd=COPY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", timeout=timeout)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout[-3000:]}")
    return done.stdout


def copy_source():
    """What differs alone, so that the rest is not compiled again."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    for name in filter(None, names.decode().split("\0")):
        source, copy = ROOT / name, COPY / name
        if not source.is_file():
            continue
        content = source.read_bytes()
        if copy.is_file() and copy.read_bytes() == content:
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)


def build(jobs):
    if not (BUILD / "build.ninja").exists():
        cache = ROOT / ".cache"
        if cache.exists() and not (COPY / ".cache").exists():
            os.symlink(cache, COPY / ".cache")
        run("cmake", "-S", ".", "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release")
    run("ninja", "-j", str(jobs), "-C", BUILD, "world")


def find(asked):
    """The first seed that fails, and the invariant; nothing if none does in time."""
    try:
        told = run(BUILD / "world", "--seeds", str(asked.seeds), "--whole", "--lines", "1", timeout=asked.limit,
                   check=False)
    except subprocess.TimeoutExpired:
        return None
    aborted = re.search(r"FAILED: aborted, --seed (\d+)", told)
    if aborted:
        return aborted[1], "the program aborts"
    failed = re.search(r"FAILED: ([^:]*):", told)
    return (re.search(r"--seed (\d+)", told)[1], failed[1]) if failed else None


def judge(patch, asked):
    began = time.monotonic()
    tried = f"{asked.seeds} seeds or {asked.limit} s"
    try:
        run("patch", "-p1", "--no-backup-if-mismatch", "-i", patch)
        try:
            build(asked.jobs)
            found = find(asked)
        finally:
            run("patch", "-p1", "-R", "--no-backup-if-mismatch", "-i", patch)
    except RuntimeError as error:
        found, tried = None, f"cannot be tried: {error}"
    seconds = time.monotonic() - began
    if found:
        print(f"| {patch.stem} | {found[0]} | {found[1]} | {seconds:.0f} |", flush=True)
    else:
        print(f"| {patch.stem} | NOT FOUND | {tried} | {seconds:.0f} |", flush=True)
    return found is not None


def main():
    line = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    line.add_argument("--seeds", type=int, default=200)
    line.add_argument("--limit", type=float, default=600, help="seconds that the seeds of one mistake may take")
    line.add_argument("--jobs", type=int, default=os.cpu_count())
    line.add_argument("--only", default="")
    line.add_argument("patches", nargs="*", type=Path)
    asked = line.parse_args()
    patches = [path.resolve() for path in asked.patches] or sorted((ROOT / "tests/world/mutants").glob("*.patch"))
    copy_source()
    build(asked.jobs)
    if found := find(asked):
        sys.exit(f"without a mistake, seed {found[0]} fails: {found[1]}")
    print("| mistake | found at seed | by | s |\n|---|---|---|---|", flush=True)
    results = [judge(patch, asked) for patch in patches if asked.only in patch.stem]
    print(f"{sum(results)} of {len(results)} mistakes found")
    sys.exit(0 if results and all(results) else 1)


if __name__ == "__main__":
    main()
