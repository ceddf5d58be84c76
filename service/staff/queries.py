"""The catalogue's address: what it filters, how it sorts, and the addresses that differ from it in one thing."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BeforeValidator, Field

from service.list_queries import ItemQuery
from service.record_terms import first_day, last_day
from service.staff.addresses import STAFF

FILTERS: dict[str, str] = {
    "q": "Volltext",
    "topic": "Worum es geht",
    "document": "Dokument",
    "kind": "Art",
    "theme": "Thema",
    "goal": "Ziel",
    "status": "Status",
    "unit": "Zuständig",
    "municipality": "Kommune",
    "year": "Jahr",
    "deadline_after": "Frist ab",
    "deadline_before": "Frist bis",
    "start_after": "Beginn ab",
    "start_before": "Beginn bis",
    "as_of_after": "Stand ab",
    "as_of_before": "Stand bis",
}
MOMENTS = tuple(name for name in FILTERS if name.endswith(("_after", "_before")))


class Sort(StrEnum):
    """What the list is sorted by; `document` is reading order."""

    DOCUMENT = "document"
    TITLE = "title"
    THEME = "theme"
    STATUS = "status"
    UNIT = "unit"
    DATE = "date"


SORTS: dict[str, str] = {
    Sort.DOCUMENT: "Reihenfolge im Dokument",
    Sort.TITLE: "Titel",
    Sort.THEME: "Thema",
    Sort.STATUS: "Status",
    Sort.UNIT: "zuständiger Einheit",
    Sort.DATE: "frühestem Termin",
}


class CatalogueQuery(ItemQuery):
    """The filters of the API's lists, and an order."""

    sort: Annotated[Sort, BeforeValidator(lambda value: value or Sort.DOCUMENT)] = Field(default=Sort.DOCUMENT)

    def chosen(self) -> dict[str, str]:
        """Return the filters that are set, by name, as the address writes them."""
        given = {name: getattr(self, name) for name in FILTERS}
        return {name: str(value) for name, value in given.items() if value is not None}

    def day(self, name: str) -> str:
        """Return a moment that is set as a day for a date field: a year's or a month's first or last; "" for none."""
        value = getattr(self, name)
        return (first_day if name.endswith("_after") else last_day)(value).isoformat() if value else ""

    def address(self, path: str = "/catalogue", /, **changes: str | int | None) -> str:
        """Return this address with other values; None takes a value away, another filter leads to page 1."""
        values: dict[str, str | int | None] = {**self.chosen()}
        if self.sort is not Sort.DOCUMENT:
            values["sort"] = self.sort.value
        values.update(changes)
        query = urlencode({name: value for name, value in values.items() if value not in (None, "")})
        return f"{STAFF}{path}{'?' if query else ''}{query}"


CatalogueQueryDep = Annotated[CatalogueQuery, Query()]
