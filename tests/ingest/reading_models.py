"""Models that read papers: one that knows what a generated paper really says, and others that do it badly."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args

from ingest.claims import RecordKind
from ingest.model_reader.reader import Request
from ingest.verbatim import folded
from tests.papers import Truth, TruthRecord

Reply = dict[str, Any]
_PAGE = re.compile(r"=== Seite (\d+) ===\n((?:\| .*\n?)*)")


def shown_pages(request: Request) -> dict[int, str]:
    """The pages that a request shows, by their numbers."""
    return {int(number): re.sub(r"(?m)^\| ", "", page) for number, page in _PAGE.findall(request.asked)}


def claim(record: TruthRecord, page: int, shown: str) -> Reply:
    """A record as a model that reads well returns it, with those fields whose text the page prints in one piece."""
    printed = folded(shown)
    fields = [one for one in record.fields if folded(one.text) in printed]
    rows = any(printed.count(folded(one.label)) <= 1 < printed.count(folded(record.ref or " ")[:1]) for one in fields)
    return {
        "kind": record.kind,
        "number": record.ref and record.ref.partition("~")[0],
        "title": record.title,
        "page": page,
        "where": "row" if rows and shown.count("\t") > 20 else "sheet",
        "parent": record.parent,
        "fields": [{"label": one.label, "text": one.text} for one in fields],
        "units": list(record.responsible),
        "period": record.period,
        "cost": record.cost,
        "priority": record.priority,
        "status": record.status,
    }


class Capable:
    """Reads a generated paper as it is; `spoilt` changes its replies, `asked` holds what it was asked."""

    name = "capable"

    def __init__(
        self, truth: Truth, spoilt: Callable[[Reply, dict[int, str]], Any] = lambda reply, pages: reply
    ) -> None:
        self.asked: list[Request] = []
        self._truth, self._spoilt = truth, spoilt

    def say(self, request: Request) -> Any:
        """Return every record whose sheet begins on a page that is shown."""
        self.asked.append(request)
        pages = shown_pages(request)
        known = [one for one in self._truth.records if one.kind in get_args(RecordKind)]
        records = [claim(one, page, pages[page]) for one in known for page in one.pages[:1] if page in pages]
        return self._spoilt({"records": records}, pages)
