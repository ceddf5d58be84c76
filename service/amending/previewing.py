"""What a correction would do, worked out over the records as they were read before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vectorstore.amending.applying import corrected
from vectorstore.amending.form import Correction, Outcome
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item


@dataclass(frozen=True, slots=True)
class Preview:
    """An item before and after a correction, and what would become of that."""

    outcome: Outcome
    before: Item | None
    after: Item | None


def previewed(catalogue: Catalogue, known: Iterable[Correction], new: Correction) -> Preview:
    """Return what `new` would do beside the corrections that are known, those of the same place left out."""
    others = tuple(one for one in known if one.place != new.place and one.document_id == new.document_id)
    papers = [one for one in catalogue.parsed() if one.document.id == new.document_id]
    before, _ = corrected(papers, others)
    after, outcomes = corrected(papers, (*others, new))
    outcome = next(one for one in outcomes if one.correction == new)
    items = [{item.key: item for one in side for item in one.items} for side in (before, after)]
    return Preview(outcome, items[0].get(new.key), items[1].get(new.key))
