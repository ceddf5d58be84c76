"""Headings that stand again and again under others ("Ziele", "Definition") are called by what they stand under.

Such a heading names a part of what is above it, not a thing of its own: cited alone, nobody knew whose goals they are.
"""

from __future__ import annotations

from collections import Counter

from ingest.extractors.kinds import is_group
from ingest.extractors.outline import Given, Section
from vectorstore.records import ItemKind

_PRINTS = 3  # of one heading at least
_SHARE = 0.5  # of the headings beside those that have it, from which it is a label


def name_labels(root: Section) -> None:
    """Call repeated headings without numbers by the sections above them: "Bürgerservice: Ziele"."""
    labels = [one for one in root.walk() if one.parent is not None and one.parent.level and _may_be_label(one)]
    counts = Counter(_name(one) for one in labels)
    owners = Counter(name for name, _ in {(_name(one), id(one.parent)) for one in labels})
    for label in labels:
        name, above = _name(label), label.parent
        if above is None or counts[name] < _PRINTS or owners[name] < counts[name] or _is_label(above, counts):
            continue
        beside = above.parent.children if above.parent is not None else []
        having = sum(any(_name(child) == name for child in one.children) for one in beside)
        if having >= _SHARE * len(beside):
            title = above.given.title if above.given is not None else above.title
            label.inner = True
            label.given = Given(
                ItemKind.SECTION, label.title.rstrip(": "), f"{' '.join(title.split())}: {label.title.rstrip(': ')}"
            )


def _is_label(section: Section, counts: Counter[str]) -> bool:
    return _may_be_label(section) and counts[_name(section)] >= _PRINTS


def _may_be_label(section: Section) -> bool:
    told = section.given is not None or section.number is not None or section.resolves or section.overview
    return not told and not is_group(section)


def _name(section: Section) -> str:
    return section.title.rstrip(": ").casefold()
