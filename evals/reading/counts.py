"""What a paper would be counted as: the number of a kind's records, and whether it is marked as unsure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.reading.catalogue import RECORDS, THEME, Catalogue
from evals.reading.figures import Share
from service.completeness import worst
from vectorstore.records import Family


@dataclass(frozen=True, slots=True)
class Count:
    """How many records of a kind there are (uncertain ones may be counted or not), were told, and how surely.

    `complete` is as the families say: true, false ("mindestens"), None (no number).
    """

    kind: str
    least: int
    most: int
    told: int
    complete: bool | None

    @property
    def exact(self) -> bool:
        """Whether the number is right."""
        return self.least <= self.told <= self.most

    @property
    def confident_wrong(self) -> bool:
        """Whether a wrong number is told as if it were right."""
        return self.complete is True and not self.exact


def counts(catalogue: Catalogue, families: Sequence[Family], kinds: Sequence[str]) -> list[Count]:
    """Return a count for each of the kinds that the paper has or that was told."""
    found = []
    for kind in kinds:
        known = [one for one in catalogue.records if one.kind == kind]
        own = [one for one in families if one.kind == kind]
        certain = sum(not one.uncertain for one in known)
        if known or own:
            found.append(Count(kind, certain, len(known), sum(one.found for one in own), worst(own)))
    return found


def count_shares(catalogue: Catalogue, families: Sequence[Family] | None) -> dict[str, Share]:
    """Return the figures of counting; a paper that was not read (None) is counted as nothing, and marked so."""
    if families is None:
        return {}
    found = counts(catalogue, families, RECORDS)
    themes = counts(catalogue, families, (THEME,)) if catalogue.themes else []
    return {
        "counts": Share.of(not one.confident_wrong for one in found),
        "confident wrong": Share.of(one.confident_wrong for one in found),
        "doubted": Share.of(one.complete is not True for one in found if one.told and one.exact),
        "themes": Share.of(not one.confident_wrong for one in themes),
    }
