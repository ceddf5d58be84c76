"""An item as its page and its staff page show it: neighbours, wording with the quote marked, the printed page."""

from __future__ import annotations

from typing import Any

from service.edition_holder import OpenEdition
from service.http.problems import ProblemError
from service.pages.passages import wording
from service.pages.printed import printed_page
from service.pictures.studio import Studio
from service.records import records_of, siblings

MAX_QUOTE = 4000


def item_values(edition: OpenEdition, document_id: str, key: str, quote: str, studio: Studio) -> dict[str, Any]:
    """Return what the templates of both pages show of an item; raises ProblemError where there is none."""
    catalogue = edition.catalogue
    found = catalogue.item(document_id, key)
    if found is None:
        raise ProblemError("not-found")
    before, after = siblings(catalogue, found)
    return {
        "document": catalogue.documents[document_id],
        "item": found,
        "parent": catalogue.parent(found),
        "children": records_of(catalogue.children(found), catalogue),
        "before": before,
        "after": after,
        "wording": wording(catalogue, found, quote),
        "quote": quote,
        "printed": printed_page(edition, found, quote, studio),
    }
