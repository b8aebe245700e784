#!/usr/bin/env python3
"""bill_of_materials.py FOLDER VERSION ARCHITECTURE: writes FOLDER/sbom.spdx.json, a software bill of materials (SPDX 2.3) of the
static binary in that folder: what is linked into it, in which version of Debian's packages, by which licence. The licences of
installed packages are copied to FOLDER/licences."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Debian's packages, by how they come in: as static libraries, as headers, or built from their sources.
LINKED = {
    "libpng-dev": "libpng-2.0",
    "libjpeg62-turbo-dev": "BSD-3-Clause AND IJG AND Zlib",
    "zlib1g-dev": "Zlib",
    "libre2-dev": "BSD-3-Clause",
    "libspdlog-dev": "MIT",
    "libfmt-dev": "MIT",
    "libasio-dev": "BSL-1.0",
    "libcli11-dev": "BSD-3-Clause",
    "nlohmann-json3-dev": "MIT",
    "libstdc++-12-dev": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libc6-dev": "LGPL-2.1-or-later",
}
BUILT = {
    "zint": "BSD-3-Clause",
    "tinyxml2": "Zlib",
    "libzip": "BSD-3-Clause",
    "cpp-httplib": "MIT",
    "opencv": "Apache-2.0",
    "libvalijson-dev": "BSD-2-Clause",
}


def version_of(package: str, architecture: str) -> str:
    """The installed version, or that which would be installed."""
    for name in (f"{package}:{architecture}", package):
        command = ["dpkg-query", "-W", "-f=${Version}", name]
        found = subprocess.run(command, capture_output=True, text=True)
        if found.returncode == 0 and found.stdout:
            return found.stdout
    library = package if package.startswith("lib") else f"lib{package}"
    for command in (["apt-cache", "show", package], ["apt-cache", "policy", f"{library}-dev"]):
        told = subprocess.run(command, capture_output=True, text=True).stdout
        if found := re.search(r"^(?:Version|\s*Candidate): (\S+)", told, re.M):
            return found[1]
    return "NOASSERTION"


def entry(name: str, version: str, licence: str, url: str = "") -> dict:
    one = {
        "SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name),
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": licence,
        "licenseDeclared": licence,
        "copyrightText": "NOASSERTION",
    }
    if url:
        one["externalRefs"] = [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": url}
        ]
    return one


def copy_licences(folder: Path) -> None:
    for root in (Path("/"), ROOT / ".cache/libvalijson-dev"):
        for package in LINKED | BUILT:
            licence = root / "usr/share/doc" / package / "copyright"
            if licence.is_file():
                shutil.copyfile(licence, folder / "licences" / package)


def page_libraries(folder: Path) -> list[dict]:
    """The page's libraries, whose file of licences begins each with its name and version."""
    text = (folder / "licences" / "licences.txt").read_text()
    found = re.findall(r"^(@?[a-z/-]+) (\d+\.\d+\.\d+)$", text, re.M)
    return [entry(name, version, "NOASSERTION", f"pkg:npm/{name}@{version}") for name, version in found]


def main() -> None:
    folder, version, architecture = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    binary = (folder / "gigemu").read_bytes()
    copy_licences(folder)
    own = entry("gigemu", version, "Apache-2.0")
    own["checksums"] = [{"algorithm": "SHA256", "checksumValue": hashlib.sha256(binary).hexdigest()}]
    parts = page_libraries(folder)
    for package, licence in (LINKED | BUILT).items():
        found = version_of(package, architecture)
        parts.append(entry(package, found, licence, f"pkg:deb/debian/{package}@{found}?arch={architecture}"))
    parts.sort(key=lambda part: part["name"])
    made = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"gigemu-{version}-linux-{architecture}",
        "documentNamespace": f"https://spdx.org/spdxdocs/gigemu-{version}-{own['checksums'][0]['checksumValue']}",
        "creationInfo": {"created": made.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: bill_of_materials.py"]},
        "packages": [own, *parts],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": own["SPDXID"]},
            *(
                {"spdxElementId": own["SPDXID"], "relationshipType": "STATIC_LINK", "relatedSpdxElement": part["SPDXID"]}
                for part in parts
            ),
        ],
    }
    (folder / "sbom.spdx.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
