"""Of several claims for one place of the text, or heads with one number or title, the best."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from ingest.readers.claims import Claim, Claims, Span

_MAX_RIVALS = 50  # earlier heads with one number or title that a head is compared with, at most
# sources: of two claims for one heading the first wins
_PRIORITY = ("sheet", "heading", "row", "contents")
_COUNTED_KINDS = {"project", "measure"}  # kinds that are mistaken for one another


def drop_rivals(claims: Claims) -> Claims:
    """Return the claims without those that a better one rivals, in the order of the text."""
    records = _drop_duplicate_heads(_drop_overlaps(claims.records))
    return claims.model_copy(update={"records": tuple(records)})


def _start_of(claim: Claim) -> int:
    return (claim.head or Span(0, 0)).start


def _title_of(claim: Claim) -> Span:
    return claim.title_span or claim.head or Span(0, 0)


def _drop_overlaps(located: Sequence[Claim]) -> list[Claim]:
    """Return the claims whose titles do not overlap in the text.

    Of two overlapping claims a sheet wins over a row, a claim with a number over a claim without,
    a long title over a part of it. The winner takes over the level of the loser if it has none. The
    loser is left out.
    """
    owners: dict[int, int] = {}  # offset → index of the accepted claim whose title covers it
    accepted: list[Claim] = []
    for record in sorted(located, key=_overlap_rank):
        title = range(*_title_of(record))
        index = next((owners[offset] for offset in title if offset in owners), None)
        if index is None:
            owners.update(dict.fromkeys(title, len(accepted)))
            accepted.append(record)
            continue
        winner = accepted[index]
        accepted[index] = winner.model_copy(update={"level": winner.level or record.level})
    return sorted(accepted, key=_start_of)


def _overlap_rank(record: Claim) -> tuple[int, bool, int]:
    """Return the sort key by which claims with overlapping titles are preferred, the best first."""
    title = _title_of(record)
    return _PRIORITY.index(record.where), record.number is None, title.start - title.end


def _drop_duplicate_heads(located: Sequence[Claim]) -> list[Claim]:
    """Return the records, with only the best of several heads of one record.

    Heads of one record have a number or title in common (see `_are_rival_heads`). Table rows are no
    heads and all stay.
    """
    accepted: list[Claim] = []
    heads: dict[str, list[int]] = defaultdict(list)
    for record in located:
        names = list[str]()
        if record.is_head and record.is_record:
            names += filter(None, (record.ref, record.folded_title))
        rivals = chain.from_iterable(heads[name][-_MAX_RIVALS:] for name in names)
        index = next((index for index in rivals if _are_rival_heads(accepted[index], record)), None)
        if index is None:
            index = len(accepted)
            accepted.append(record)
        for name in names:
            if index not in heads[name][-_MAX_RIVALS:]:
                heads[name].append(index)
        accepted[index] = max(record, accepted[index], key=_head_quality)
    return sorted(accepted, key=_start_of)


def _head_quality(record: Claim) -> tuple[int, int, int]:
    """Return a sort key by which the best head of a record comes last.

    A better source decides first, then the number of its fields, then a later position.
    """
    return -_PRIORITY.index(record.where), len(record.fields), _start_of(record)


def _are_rival_heads(record: Claim, other: Claim) -> bool:
    """True if two heads with the same number or title belong to the same record.

    Never with different numbers or kinds; only project and measure are mistaken for one another.
    If one title contains the other, one of the heads must have a number or fields, or be a theme or
    goal. If the titles differ, the number must be a compound one ("1.2"), as simple numbers restart
    under each heading. Then exactly one of the heads must have fields, as several records may share
    a number.
    """
    kinds = {record.kind, other.kind}
    if len(kinds) > 1 and not kinds <= _COUNTED_KINDS:
        return False
    if record.ref and other.ref and record.ref != other.ref:
        return False
    count_with_fields = bool(record.fields) + bool(other.fields)
    short, long = sorted((record.folded_title, other.folded_title), key=len)
    if short in long:
        return bool(record.ref or other.ref or count_with_fields or kinds & {"theme", "goal"})
    has_compound_number = record.ref == other.ref != "" and not record.ref.isdigit()
    return has_compound_number and count_with_fields == 1
