"""Headings that stand again and again under others ("Ziele", "Definition") are called by what they stand under.

Such a heading names a part of what is above it, not a thing of its own: cited alone, nobody knew whose goals they are.
Whose it is says the nearest heading with a number or markup, else the highest headings of which each has it once; it is
a label where most of the headings beside those have it, or where fewer have it and another such label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ingest.extractors.kinds import is_group
from ingest.extractors.outline import Given, Section
from vectorstore.records import ItemKind

_PRINTS = 3  # of one heading at least
_TWICE = 0.1  # of them at most stand under a heading that has one already
_SHARE = 0.5  # of the headings next to those that have it, themselves counted, that have it
_SHARE_BESIDE = 0.25  # the same where the paper has another label that is as usual


def nest_labels(root: Section) -> None:
    """Let repeated headings without numbers stand under the sections that they are labels of."""
    named: dict[str, list[Section]] = defaultdict(list)
    for section in root.walk():
        if _may_be_label(section):
            named[_name(section)].append(section)
    named = {name: found for name, found in named.items() if len(found) >= _PRINTS}
    if not named:
        return
    labels = frozenset(named)
    above = _lines_above(root, labels)
    owners = {name: _owners([above[id(one)] for one in found]) for name, found in named.items()}
    shares = {name: _share(found, labels) for name, found in owners.items()}
    least = _SHARE_BESIDE if max(shares.values()) >= _SHARE else _SHARE
    for name, found in named.items():
        for label, owner in zip(found, owners[name], strict=True):
            if owner is not None and shares[name] >= least:
                _nest(label, owner)


def _may_be_label(section: Section) -> bool:
    told = section.given is not None or section.number is not None or section.resolves or section.overview
    return bool(section.level) and not told and not is_group(section)


def _name(section: Section) -> str:
    return section.title.rstrip(": ").casefold()


def _is_named(section: Section, labels: frozenset[str]) -> bool:
    return _may_be_label(section) and _name(section) in labels


def _lines_above(root: Section, labels: frozenset[str]) -> dict[int, list[Section]]:
    """Return by the identity of each label the sections that stand open where it is printed, outermost first."""
    open_line: list[Section] = []
    found: dict[int, list[Section]] = {}
    in_order = sorted(root.walk(), key=lambda one: one.heading.start if one.heading is not None else -1)
    for section in in_order:
        if _is_named(section, labels):
            found[id(section)] = open_line
        elif section.level:
            open_line = [one for one in section.line() if not _is_named(one, labels)]
    return found


def _owners(lines: Sequence[Sequence[Section]]) -> Sequence[Section | None]:
    """Return whose label each of one name is, None for all where too many are of the same."""
    marked = [next((one for one in reversed(line) if _is_marked(one)), None) for line in lines]
    depths = range(max(map(len, lines), default=0))
    by_depth = ([line[min(depth, len(line) - 1)] if line else None for line in lines] for depth in depths)
    for owners in (marked, *by_depth):
        told = [id(one) for one in owners if one is not None]
        if len(told) >= _PRINTS and len(told) - len(set(told)) <= _TWICE * len(told):
            return owners
    return [None] * len(lines)


def _is_marked(section: Section) -> bool:
    """Whether more than a heading's place tells that it is one."""
    return section.number is not None or (section.heading is not None and section.heading.level > 0)


def _share(owners: Sequence[Section | None], labels: frozenset[str]) -> float:
    """Return how many of the sections beside the owners have the label, the owners counted; 0 without any."""
    having = [one for one in owners if one is not None]
    parents = {id(one.parent): one.parent for one in having if one.parent is not None}
    beside = [one for parent in parents.values() for one in parent.children if not _is_named(one, labels)]
    return len(having) / len(beside) if having and beside else 0.0


def _nest(label: Section, owner: Section) -> None:
    """Let a label stand under its owner and be called by it: "Bürgerservice: Ziele"."""
    if label.parent is not None:
        label.parent.children = [one for one in label.parent.children if one is not label]
    label.parent, label.level, label.inner = owner, owner.level + 1, True
    owner.children.append(label)
    owner.children.sort(key=lambda one: one.heading.start if one.heading is not None else -1)
    name = label.title.rstrip(": ")
    above = owner.given.title if owner.given is not None else owner.title
    label.given = Given(ItemKind.SECTION, name, f"{' '.join(above.split())}: {name}")
