"""The locked requirements: complete, hashed, without addresses, each dependency with its reason."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.imports import ROOMS, modules
from tests.processes import REPOSITORY

PROJECT_TEXT = (REPOSITORY / "pyproject.toml").read_text()
PROJECT = tomllib.loads(PROJECT_TEXT)
FILES = [REPOSITORY / "requirements.txt", REPOSITORY / "requirements-dev.txt"]


def locked(path: Path) -> list[Requirement]:
    """Return the pinned requirements of a file; a name can stand there once for each Python."""
    logical = path.read_text().replace("\\\n", " ").splitlines()
    return [Requirement(line.split("--hash")[0]) for line in logical if line and not line.lstrip().startswith("#")]


def versions(path: Path) -> dict[str, set[str]]:
    """Return name → pinned versions."""
    found: dict[str, set[str]] = {}
    for requirement in locked(path):
        found.setdefault(canonicalize_name(requirement.name), set()).add(str(requirement.specifier))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_everything_is_pinned_with_hashes(path: Path) -> None:
    logical = [line for line in path.read_text().replace("\\\n", " ").splitlines() if re.match(r"[A-Za-z]", line)]
    assert logical
    assert all("==" in line and "--hash=sha256:" in line for line in logical)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_address_stands_in_the_file(path: Path) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|file:", path.read_text())


def test_every_dependency_and_the_build_backend_are_locked_as_the_project_asks() -> None:
    wanted = PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]
    have = versions(FILES[0])
    for requirement in map(Requirement, wanted):
        pinned = have[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version.removeprefix("==")) for version in pinned), requirement


def test_development_has_the_same_versions_and_its_own_tools() -> None:
    run, dev = (versions(path) for path in FILES)
    assert {name: dev.get(name) for name in run} == run
    assert {canonicalize_name(Requirement(name).name) for name in PROJECT["dependency-groups"]["dev"]} <= dev.keys()


def test_every_dependency_says_why_it_is_there() -> None:
    section = re.search(r"^dependencies = \[\n(.*?)^\]", PROJECT_TEXT, re.M | re.S)
    assert section
    for line in section[1].splitlines():
        assert re.fullmatch(r' +"[^"]+", *# \w.+', line), line


def distributions_of(names: set[str]) -> set[str]:
    """Return the distributions that the imported names belong to."""
    owners = packages_distributions()
    tops = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - set(ROOMS)
    return {canonicalize_name(owner) for top in tops for owner in owners.get(top, [f"unknown owner of {top}"])}


def test_declared_and_imported_are_the_same() -> None:
    declared = {canonicalize_name(Requirement(name).name) for name in PROJECT["project"]["dependencies"]}
    extras = {name for group in PROJECT["project"]["optional-dependencies"].values() for name in group}
    imported = {path: distributions_of(names) for path, names in modules(REPOSITORY)}
    served = set().union(*(found for path, found in imported.items() if path.parts[:2] != ("ingest", "sample")))
    assert served - extras == declared - {"python-multipart"}, "Starlette imports it for forms"
