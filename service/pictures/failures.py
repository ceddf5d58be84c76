"""Pages that were too much to draw: for a day they are not tried again, whatever width or quote is asked for."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

MOST = 4096  # the one that failed longest ago is forgotten first
SECONDS = 86_400.0  # a page that failed only because the machine was busy has another try the next day
WHOLE_DOCUMENT = 0


@dataclass(frozen=True, slots=True)
class PageId:
    """A page of a document in one state of the documents: the edition's digest, the document's id, a number from 1."""

    edition: str
    document: str
    number: int

    @property
    def whole(self) -> PageId:
        """All pages of the document."""
        return replace(self, number=WHOLE_DOCUMENT)


class FailedPages:
    """Remembers pages until they may be tried again; `now` is in seconds."""

    def __init__(self) -> None:
        self._until: OrderedDict[PageId, float] = OrderedDict()

    def add(self, page: PageId, now: float) -> None:
        """Remember a page, or with `page.whole` a document."""
        self._until.pop(page, None)
        self._until[page] = now + SECONDS
        if len(self._until) > MOST:
            self._until.popitem(last=False)

    def has(self, page: PageId, now: float) -> bool:
        """Tell whether a page is not to be tried, by itself or with its document."""
        return any(self._until.get(one, 0.0) > now for one in (page, page.whole))
