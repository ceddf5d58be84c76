"""Which proposals are records: sure ones are taken, likely ones are asked, others stay text.

Two logistic regressions with few features and signs that are known before (a field speaks for
records, never against): is the family one of records, and are the lines its titles. Trained with
whole papers left out by `eval families`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import NamedTuple

from pydantic import TypeAdapter

from ingest.readers.family_features import RECORD_FEATURES, TITLE_FEATURES, FamilyFeatures
from ingest.readers.proposals import Proposal
from ingest.readers.record_heads import RecordHead

TRAINED = "families.json"
# share of the titles within the sheets of a better family, from which these are parts
_INSIDE = 0.7
_SHEET = 0.5  # share of records with labels from which they are sheets
_NEW = 0.5  # least share of records that no better family has
_AGREEMENT = 0.5  # share of sheets that a list must have to speak for them
_MAX_DISTANCE = 2  # lines within which two titles are of one record
_AFTER_LAST = 60  # lines after the last title in which its sheet may go on
# in the order of families; the size of sheets alone
_SHEET_WEIGHT = 0.7
_SIZE_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class FamilyModel:
    """The trained weights: for both regressions the weight of each feature and a constant, and the
    thresholds from which a family is "sure" and "likely".
    """

    record_weights: tuple[float, ...]
    record_constant: float
    title_weights: tuple[float, ...]
    title_constant: float
    sure: float
    likely: float
    titled: float

    def record_probability(self, features: FamilyFeatures) -> float:
        """Return the probability that a family is one of records."""
        vector = features.vector(RECORD_FEATURES)
        return _logistic(vector, self.record_weights, self.record_constant)

    def title_probability(self, features: FamilyFeatures) -> float:
        """Return the probability that the lines are the titles of its records."""
        vector = features.vector(TITLE_FEATURES)
        return _logistic(vector, self.title_weights, self.title_constant)


class RatedProposal(NamedTuple):
    """A proposal with its features and probabilities."""

    proposal: Proposal
    features: FamilyFeatures
    records: float
    titles: float

    @property
    def rank(self) -> float:
        """How good a proposal is: of those that overlap, the one with the highest rank is chosen
        first. The rank grows with both probabilities and with the share of records that are sheets
        with labels. The number of records counts only for sheets.
        """
        sheet = self.features.sheet
        size = _SIZE_WEIGHT * log(len(self.proposal.heads)) if sheet > _SHEET else 0.0
        return self.records + self.titles + _SHEET_WEIGHT * sheet + size


def rate(
    model: FamilyModel, described: Iterable[tuple[Proposal, FamilyFeatures]]
) -> list[RatedProposal]:
    """Return each proposal with the two probabilities that the model gives it: that it is a family
    of records (`records`), and that its lines are their titles (`titles`). Each proposal comes with
    its features.
    """
    rated = []
    for proposal, features in described:
        records = model.record_probability(features)
        titles = model.title_probability(features)
        rated.append(RatedProposal(proposal, features, records, titles))
    return rated


@cache
def load_model() -> FamilyModel:
    """Return the trained model."""
    text = (files("ingest.readers") / TRAINED).read_text(encoding="utf-8")
    return TypeAdapter(FamilyModel).validate_json(text)


def _logistic(vector: Sequence[float], weights: Sequence[float], constant: float) -> float:
    total = constant + sum(value * weight for value, weight in zip(vector, weights, strict=True))
    return 1 / (1 + exp(-total))


def choose(
    rated: Sequence[RatedProposal], least: float, titled: float, known: Sequence[Proposal] = ()
) -> list[Proposal]:
    """Return the families of records among proposals, the best first.

    They have at least the probabilities `least` of records and `titled` of titles. Proposals
    overlap, so the best is taken again and again, and a record that a better family or one of the
    `known` families has is left out of those after it. Families that are parts or chapters of
    others are left out as well.
    """
    with_titles = [candidate for candidate in rated if candidate.titles >= titled]
    supported = map(_Support(with_titles).apply, with_titles)
    likely = [candidate for candidate in supported if candidate.records >= least]
    taken = _Taken(known)
    chosen: list[RatedProposal] = []
    while likely:
        # a proposal loses rank by each of its records that is taken already
        best = max(likely, key=lambda candidate: candidate.rank + taken.share(candidate.proposal))
        likely.remove(best)
        is_part = any(_is_part(best, other) for other in chosen)
        if is_part or any(_is_part_of_known(best, other) for other in known):
            continue
        further = taken.further(best.proposal)
        if taken.share(best.proposal) >= _NEW:
            chosen.append(best._replace(proposal=further))
            taken.add(best.proposal)
        else:
            # most of its records are taken: it only lists them again, and no family may have the
            # lines in which it does so
            taken.add_lines(set(best.proposal.heads) - set(further.heads))
    families = [family.proposal for family in chosen]
    return [family for family in families if not _is_chapter(family, [*families, *known])]


def without_records(proposal: Proposal, others: Sequence[Proposal]) -> Proposal:
    """Return a proposal without the records that other families have, by number, title or place."""
    return _Taken(others).further(proposal)


class _Taken:
    """The numbers, titles and lines of the families looked at so far."""

    def __init__(self, proposals: Sequence[Proposal]) -> None:
        """Begin with the families that are known before, whose records nothing else may have."""
        self._refs: set[str] = set()
        self._titles: set[str] = set()
        self._lines: set[int] = set()
        for proposal in proposals:
            self.add(proposal)

    def add(self, proposal: Proposal) -> None:
        """Take all that a family has."""
        self._refs |= proposal.refs
        self._titles |= proposal.folded_titles
        self.add_lines(proposal.heads)

    def add_lines(self, heads: Iterable[RecordHead]) -> None:
        """Take the lines of some heads and a few lines around them (`_MAX_DISTANCE`): two titles as
        near as this belong to one record.
        """
        for head in heads:
            self._lines.update(range(head.line - _MAX_DISTANCE, head.line + _MAX_DISTANCE + 1))

    def share(self, proposal: Proposal) -> float:
        """Return the share of the records of a family that are not taken."""
        return len(self.further(proposal).heads) / len(proposal.heads)

    def further(self, proposal: Proposal) -> Proposal:
        """Return a family without the records that another family has already. A record is known by
        its number, its title or its place: one of them is enough, because two proposals may take
        different lines for its title.
        """
        kept = []
        for index, head in enumerate(proposal.heads):
            is_taken = head.ref in self._refs or head.line in self._lines
            if not is_taken and proposal.folded_title(index) not in self._titles:
                kept.append(index)
        return proposal.only(kept)


class _Support:
    """Raises the probability of sheets of which a list of the same records is found too: it is
    unlikely that both are something else.
    """

    def __init__(self, rated: Sequence[RatedProposal]) -> None:
        """Keep the lists among the proposals, that is, all that are not mostly sheets with labels,
        each with the numbers and titles of its records.
        """
        self._lists = [
            (candidate, _named_records(candidate.proposal))
            for candidate in rated
            if candidate.features.sheet <= _SHEET
        ]

    def apply(self, candidate: RatedProposal) -> RatedProposal:
        """Return a candidate for sheets with a higher probability if there is a list with at least
        half of its records (`_AGREEMENT`), of several the most probable one. It is then the
        probability that not both are wrong: 0.6 for the sheets and 0.5 for the list give 0.8.
        Without such a list, and for other candidates, nothing changes.
        """
        if candidate.features.sheet <= _SHEET:
            return candidate
        named = _named_records(candidate.proposal)
        lists = [
            other.records
            for other, listed in self._lists
            if len(named & listed) >= _AGREEMENT * len(named)
        ]
        doubt = (1 - candidate.records) * (1 - max(lists, default=0.0))
        return candidate._replace(records=1 - doubt)


def _named_records(proposal: Proposal) -> frozenset[tuple[str, str]]:
    """Return number and title of each record, both normalized, to find out which records two
    proposals share.
    """
    return frozenset(
        (head.ref, proposal.folded_title(index)) for index, head in enumerate(proposal.heads)
    )


def _is_part(candidate: RatedProposal, other: RatedProposal) -> bool:
    """True if a family is no family of its own beside another: it numbers the groups of the other
    ("A 1" for "A 1.1"), its records are chapters with several records of the other in each, or it
    lies within the sheets of the other.
    """
    proposal = candidate.proposal
    if _numbers_groups(proposal, other.proposal) or _contains(proposal, other.proposal):
        return True
    return other.features.sheet > _SHEET and _is_within(candidate, other.proposal)


def _is_part_of_known(candidate: RatedProposal, known: Proposal) -> bool:
    """True if a family numbers the groups of a known family, or lies within its records."""
    return _numbers_groups(candidate.proposal, known) or _is_within(candidate, known)


def _is_within(candidate: RatedProposal, outer: Proposal) -> bool:
    """True if a family is part of another (`outer`): most of its records (`_INSIDE`) are between
    the first and the last record of the other, or up to `_AFTER_LAST` lines behind the last, where
    its sheet may go on.

    It is no part if its records are sheets themselves and have numbers of which the other has none:
    then the sheets of two families alternate.
    """
    first = outer.heads[0].line
    last = outer.heads[-1].line + _AFTER_LAST
    inside = sum(first < head.line < last for head in candidate.proposal.heads)
    refs = candidate.proposal.refs
    has_own_numbers = bool(refs) and not refs & outer.refs
    are_own_sheets = candidate.features.sheet > _SHEET and has_own_numbers
    return inside >= _INSIDE * len(candidate.proposal.heads) and not are_own_sheets


def _is_chapter(family: Proposal, others: Sequence[Proposal]) -> bool:
    return any(_contains(family, other) for other in others)


def _contains(outer: Proposal, inner: Proposal) -> bool:
    """True if the records of the `outer` family are chapters: between most of them and the next
    record are two or more records of the `inner` family. Behind the last record of the outer family
    all further records of the inner one count.
    """
    if outer is inner:
        return False
    lines = [head.line for head in inner.heads]
    # the records of `outer` reach up to the next one, the last up to the last of `inner`
    ends = [*(head.line for head in outer.heads[1:]), lines[-1] + 1]
    counts = [
        bisect_left(lines, end) - bisect_left(lines, head.line)
        for head, end in zip(outer.heads, ends, strict=True)
    ]
    return 2 * sum(count > 1 for count in counts) > len(counts)


def _numbers_groups(outer: Proposal, inner: Proposal) -> bool:
    """True if a family (`outer`) numbers the groups of another: at least half of its numbers are
    the beginnings of longer numbers of the other ("A1" of "A1.2", normalized). It is false if the
    two have most numbers in common, as two prints of the same records have.
    """
    if not outer.refs or 2 * len(outer.refs & inner.refs) > len(outer.refs):
        return False
    beginnings = {ref for ref in outer.refs if _begins_another(ref, inner.refs)}
    return 2 * len(beginnings) >= len(outer.refs)


def _begins_another(ref: str, others: Iterable[str]) -> bool:
    return any(other != ref and other.startswith(ref) for other in others)
