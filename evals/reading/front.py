"""Front matter: right and sure, or sure and wrong; what is unsure is asked for and so neither."""

from __future__ import annotations

from collections.abc import Iterator

from evals.comparing import plain
from evals.reading.catalogue import KnownFront
from evals.reading.figures import FRONT, Share
from vectorstore.records import Document

_PARTS = {"date": "as_of"}  # as a document calls them


def front_shares(document: Document | None, known: KnownFront) -> Iterator[tuple[str, Share]]:
    """Yield for every part whether it is right and sure where printed, and whether it is wrong where it is sure."""
    sure = {fact.field for fact in document.front if fact.sure} if document else set[str]()
    for name in FRONT:
        printed, told = getattr(known, name), _told(document, name)
        is_sure = told is not None and _PARTS.get(name, name) in sure
        right = printed is not None and told is not None and _same(name, told, printed)
        yield f"front {name}", Share(int(is_sure and right), int(printed is not None))
        yield f"front {name} wrong", Share(int(is_sure and not right), int(is_sure))


def _told(document: Document | None, name: str) -> str | None:
    if document is None:
        return None
    value = getattr(document, _PARTS.get(name, name))
    return str(value) if value else None


def _same(name: str, told: str, printed: str) -> bool:
    """Tell whether a part is as printed; of a date that the paper prints as a month only the month is judged."""
    return told.startswith(printed) if name == "date" else plain(told) == plain(printed)
