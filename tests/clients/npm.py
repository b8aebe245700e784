"""Packages of npm without npm: by name, version and hash, in the cache folder of this project."""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
import urllib.request
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "npm"
PACKAGES = {
    "playwright-core": (
        "1.65.1",
        "86a3e9cfb6e548c3f1595768784d728814b35ec2a254e77693e9230af994cb00f618f3b60ddf477dc5a7abd34dd061db3590c5819f497c116bf97e7f04ba34ab",
    ),
    "axe-core": (
        "4.14.1",
        "1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5",
    ),
}


def folder(name: str) -> Path:
    return CACHE / f"{name}-{PACKAGES[name][0]}" / "package"


def fetch(name: str) -> None:
    """Raises OSError where it cannot be had, and ValueError where it is another one."""
    version, wanted = PACKAGES[name]
    if folder(name).exists():
        return
    url = f"https://registry.npmjs.org/{name}/-/{name}-{version}.tgz"
    with urllib.request.urlopen(url, timeout=30) as answer:
        packed = answer.read()
    if hashlib.sha512(packed).hexdigest() != wanted:
        raise ValueError(f"{url} is not what was expected")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder(name).parent)


def main() -> None:
    for name in PACKAGES:
        try:
            fetch(name)
        except (OSError, ValueError) as error:
            sys.exit(f"{name} cannot be fetched: {error}")


if __name__ == "__main__":
    main()
