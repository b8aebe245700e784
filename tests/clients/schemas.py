#!/usr/bin/env python3
"""The JSON Schemas of scene and profile files, and `gigemu check`: an independent validator accepts what the program accepts,
and the schema refuses every wrong type, and every number beyond its range, of every key; so does the program."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from camera import ROOT, ask_program, program
from checks import Checks

try:
    import jsonschema
except ImportError:
    jsonschema = None

GROUP = 500  # Files that are judged by one process.
Wrap = Callable[[object], object]


def judged(*files: Path) -> tuple[int, str, str]:
    """Exit code, output and errors of `gigemu check`."""
    done = subprocess.run([program(), "check", *map(str, files)], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def without_comments(text: str) -> object:
    return json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))


def sample(schema: dict) -> object:
    """The least that a schema accepts."""
    if "anyOf" in schema:
        return sample(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return {key: sample(schema["properties"][key]) for key in schema.get("required", [])}
    if kind == "array":
        return [sample(schema["items"])] * schema.get("minItems", 0)
    return {"string": "A", "boolean": True}.get(kind, schema.get("minimum", 0))


def wrong(schema: dict, wrap: Wrap) -> Iterator[object]:
    """Documents with one wrong value each, for every key of a schema."""
    kind = schema.get("type")
    if "anyOf" in schema:
        yield wrap([[]])
        for one in schema["anyOf"]:
            if one.get("type") in ("object", "array"):
                yield from wrong(one, wrap)
    elif "enum" in schema:
        yield from (wrap("no such name"), wrap(3))
    elif kind in ("number", "integer"):
        yield from (wrap("1"), wrap(None), wrap(schema["minimum"] - 1))
        if "maximum" in schema:
            yield wrap(schema["maximum"] * 1.01 + 1)
        if kind == "integer":
            yield wrap(schema["minimum"] + 0.5)
    elif kind == "string":
        yield from (wrap(3), wrap(None))
        if "maxLength" in schema:
            yield wrap("x" * (schema["maxLength"] + 1))
    elif kind == "boolean":
        yield from (wrap(1), wrap("true"))
    elif kind == "array":
        yield from (wrap(3), wrap("1"))
        if "maxItems" in schema:
            yield wrap([sample(schema["items"])] * (schema["maxItems"] + 1))
        if schema.get("minItems", 0) > 0:
            yield wrap([sample(schema["items"])] * (schema["minItems"] - 1))
        rest = [sample(schema["items"])] * (max(schema.get("minItems", 1), 1) - 1)
        yield from wrong(schema["items"], lambda value: wrap([value, *rest]))
    elif kind == "object":
        yield wrap([])
        least = sample(schema)
        if schema["additionalProperties"] is False:
            yield wrap(least | {"no_such_key": 1})
        for key in schema.get("required", []):
            yield wrap({name: value for name, value in least.items() if name != key})
        for key, of_key in schema.get("properties", {}).items():
            yield from wrong(of_key, lambda value, key=key: wrap(least | {key: value}))


def check_accepted(checks: Checks, validators: dict) -> None:
    scenes = sorted((ROOT / "configs" / "scenes").glob("*.json"))
    checks.that("scenes come with the program", len(scenes) >= 12, len(scenes))
    for file in scenes:
        code, output, _ = judged(file)
        errors = list(validators["scene"].iter_errors(without_comments(file.read_text())))
        checks.that(f"{file.name} passes, with one line", code == 0 and len(output.splitlines()) == 1, output)
        checks.that(f"{file.name} is valid by its schema", not errors, errors[:1])
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(ask_program("--print-config"))
        file.flush()
        code, output, error = judged(Path(file.name))
        checks.that("the profile that --print-config prints passes", code == 0, output + error)
    errors = list(validators["profile"].iter_errors(json.loads(ask_program("--print-config"))))
    checks.that("and is valid by its schema", not errors, errors[:1])


def check_refused(checks: Checks, name: str, schema: dict, validator: jsonschema.Validator) -> None:
    contents = list(wrong(schema, lambda value: value))
    checks.that(f"{len(contents)} {name} files with one wrong value each are tried", len(contents) > 100)
    by_schema = [json.dumps(content)[:200] for content in contents if validator.is_valid(content)]
    checks.that("the schema refuses all of them", not by_schema, by_schema[:3])
    contents = [content for content in contents if content != {}]  # The profile in which all is as usual.
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.json" for number in range(len(contents))]
        for file, content in zip(files, contents):
            file.write_text(json.dumps(content))
        for group in (files[first : first + GROUP] for first in range(0, len(files), GROUP)):
            code, output, errors = judged(*group)
            accepted = [file.read_text()[:200] for file in group if f"{file}: the " in output]
            checks.that(f"{name} files from {group[0].stem} on are refused", code == 2 and not accepted, accepted[:3])
            checks.that("each with one sentence", len(errors.splitlines()) == len(group), errors[-500:])


def main() -> None:
    checks = Checks()
    if jsonschema is None:
        checks.skip("schemas", "python3-jsonschema is not installed")
        checks.finish()
    validators = {}
    for name in ("scene", "profile"):
        schema = json.loads(ask_program("--schema", name))
        for draft in (jsonschema.Draft7Validator, jsonschema.Draft202012Validator):
            draft.check_schema(schema)
        checks.that(f"the schema of {name} files is one in both drafts, and closed", not schema["additionalProperties"])
        validators[name] = jsonschema.Draft202012Validator(schema)
        check_refused(checks, name, schema, jsonschema.Draft7Validator(schema))
    check_accepted(checks, validators)
    checks.finish()


if __name__ == "__main__":
    main()
