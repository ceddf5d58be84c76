"""One paper judged: its figures, which known records were missed, and which records are none.

A record is right where kind, number, title and page are: a measure, project or goal; the number compared without
spaces, case, leading zeros and label word; the title without case, white space and hyphenation, the overview's wording
accepted; the page one of its sheet. Every other record of these kinds is false, but for those that may be counted or
not. Archived rows are outside lists and counts, and so outside this. A paper that could not be read has missed all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.reading.catalogue import RECORDS, Catalogue, KnownRecord
from evals.reading.fields import Count, count_shares, counts, field_shares, front_shares
from evals.reading.figures import ReadingFigures, Share
from evals.reading.matching import Pair, pairs
from evals.reading.texts import decoys, text_shares
from vectorstore.records import Item, ItemStatus, ParsedDocument


@dataclass(frozen=True, slots=True)
class Miss:
    """A known record that was not read right, and what was read instead, None where nothing was."""

    known: KnownRecord
    instead: Pair | None


@dataclass(frozen=True, slots=True)
class Judged:
    """One paper: its figures, known records that were missed, false ones, look-alikes that became records, counts."""

    figures: ReadingFigures
    missed: tuple[Miss, ...] = ()
    false: tuple[Item, ...] = ()
    decoys: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()


def judge(parsed: ParsedDocument | None, catalogue: Catalogue) -> Judged:
    """Judge what was read of a paper; None where nothing could be."""
    items = _told(parsed)
    known = catalogue.judged
    found = pairs(known, items, paged=parsed is None or bool(parsed.document.pages))
    right = {id(pair.item) for pair in found if pair.match.right}
    neither = {id(pair.item) for pair in found if pair.known.uncertain and pair.match.close}
    false = [item for item in items if id(item) not in right | neither]
    taken = decoys(catalogue.not_records, false)
    shares = {
        "read": Share(int(parsed is not None), 1),
        **_record_shares(known, found, parsed),
        **_false_shares(items, false, found, neither),
        "decoys": Share(len(taken), len(catalogue.not_records)),
        **dict(field_shares(known, found)),
        **count_shares(catalogue, parsed.document.families if parsed else None),
        **(text_shares(parsed, catalogue) if parsed else _unfound(catalogue)),
        **(dict(front_shares(parsed.document if parsed else None, catalogue.front)) if catalogue.front else {}),
    }
    families = parsed.document.families if parsed else ()
    missed = tuple(_missed(known, found))
    told = tuple(counts(catalogue, families, RECORDS))
    return Judged(ReadingFigures(shares), missed, tuple(false), tuple(taken), told)


def _told(parsed: ParsedDocument | None) -> list[Item]:
    """The records that were told, of the kinds by which reading is judged."""
    items = parsed.items if parsed else ()
    return [item for item in items if item.kind in RECORDS and item.status is not ItemStatus.ARCHIVED]


def _record_shares(
    known: Sequence[KnownRecord], found: Sequence[Pair], parsed: ParsedDocument | None
) -> dict[str, Share]:
    certain = [one for one in known if not one.uncertain]
    matches = {id(pair.known): pair.match for pair in found}
    told = [(one, matches.get(id(one))) for one in certain]
    paged = parsed is None or bool(parsed.document.pages)
    return {
        "right": Share.of(match is not None and match.right for _, match in told),
        "number": Share.of(match is not None and match.number is True for one, match in told if one.refs),
        "title": Share.of(match is not None and match.title for _, match in told),
        "page": Share.of(match is not None and match.page is True for one, match in told if paged and one.pages),
    }


def _false_shares(
    items: Sequence[Item], false: Sequence[Item], found: Sequence[Pair], neither: set[int]
) -> dict[str, Share]:
    close = {id(pair.item) for pair in found if pair.match.close}
    told = len(items) - len(neither)
    return {
        "false": Share(len(false), told),
        "stray": Share(sum(id(item) not in close for item in false), told),
    }


def _missed(known: Sequence[KnownRecord], found: Sequence[Pair]) -> list[Miss]:
    by_known = {id(pair.known): pair for pair in found}
    told = [(one, by_known.get(id(one))) for one in known if not one.uncertain]
    return [Miss(one, pair) for one, pair in told if pair is None or not pair.match.right]


def _unfound(catalogue: Catalogue) -> dict[str, Share]:
    return {"body": Share(0, len(catalogue.body)), "rows": Share(0, len(catalogue.table_rows))}
