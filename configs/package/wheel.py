#!/usr/bin/env python3
"""wheel.py BINARY VERSION FOLDER: a wheel of the Python module, its pytest plugin and the program.

The program becomes `gigemu` of the environment that the wheel is installed in. A static binary runs on every Linux of its
architecture (manylinux2014, as it needs no shared library at all). The same input and SOURCE_DATE_EPOCH give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import os
import struct
import sys
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MACHINES = {62: "x86_64", 183: "aarch64"}  # e_machine of ELF
METADATA = """Metadata-Version: 2.1
Name: gigemu
Version: {version}
Summary: Emulator of the DFK 39GX265-Z20, a GigE Vision zoom camera, with a plugin for pytest
License: Apache-2.0
Requires-Python: >=3.10
Description-Content-Type: text/markdown

{readme}"""


def platform_of(binary: bytes) -> str:
    if binary[:4] != b"\x7fELF":
        sys.exit("wheel.py: the binary is no ELF file")
    return f"manylinux2014_{MACHINES[struct.unpack_from('<H', binary, 18)[0]]}"


def main() -> None:
    binary_file, version, folder = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    binary = binary_file.read_bytes()
    tag = f"py3-none-{platform_of(binary)}"
    info = f"gigemu-{version}.dist-info"
    readme = (ROOT / "examples/python/README.md").read_text()
    files: dict[str, tuple[bytes, int]] = {
        "gigemu.py": ((ROOT / "examples/python/gigemu.py").read_bytes(), 0o644),
        f"gigemu-{version}.data/scripts/gigemu": (binary, 0o755),
        f"{info}/LICENSE": ((ROOT / "LICENSE").read_bytes(), 0o644),
        f"{info}/METADATA": (METADATA.format(version=version, readme=readme).encode(), 0o644),
        f"{info}/WHEEL": (f"Wheel-Version: 1.0\nGenerator: gigemu\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(), 0o644),
        f"{info}/entry_points.txt": (b"[pytest11]\ngigemu = gigemu\n", 0o644),
    }
    licences = Path(os.environ.get("LICENCES", "/nonexistent"))
    for licence in sorted(licences.glob("*")):
        files[f"{info}/licences/{licence.name}"] = (licence.read_bytes(), 0o644)
    record = ""
    for name, (content, _) in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(content)}\n"
    files[f"{info}/RECORD"] = (f"{record}{info}/RECORD,,\n".encode(), 0o644)
    stamp = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", "1764374400")))[:6]
    wheel = folder / f"gigemu-{version}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, (content, mode) in files.items():
            entry = zipfile.ZipInfo(name, stamp)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    print(wheel)


if __name__ == "__main__":
    main()
