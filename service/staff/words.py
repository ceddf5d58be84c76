"""Words and orders that staff pages share: counts, how binding papers are, how far records are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prompts import say
from service import settings
from service.audit import role_word
from service.pages.labels import NOUNS, entries_counted
from service.record_models import Record
from vectorstore.records import Document, DocumentStatus, Item, ItemKind, ItemStatus

ROLES = {number: role_word(name) for number, name in enumerate(settings.ROLES, 1)}  # by the numbers of `roles.Role`

PLAN_STATUSES = (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS, ItemStatus.IMPLEMENTED)
SHARES: dict[str, int] = {**{status: step for step, status in enumerate(PLAN_STATUSES)}, ItemStatus.ARCHIVED: -1}
BINDING: dict[DocumentStatus | None, int] = {
    DocumentStatus.ADOPTED: 0,
    DocumentStatus.PUBLISHED: 1,
    None: 2,
    DocumentStatus.DRAFT: 3,
    DocumentStatus.PROPOSED: 4,
}
UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)
REPORT_STATES = {one: say(f"staff.state_{one}") for one in ("indexed", "indexed_with_warnings")}


def counted(number: int, one: str, many: str) -> str:
    """Return "1 Eintrag" or "3 Einträge"; thousands are set apart by a point."""
    return f"{number:,} {one if number == 1 else many}".replace(",", ".")


def entries(number: int, complete: bool | None) -> str:
    """Return "1.234 Einträge", "mindestens 58 Einträge" or "Einträge (Anzahl unsicher)"."""
    words = say("staff.entry"), say("staff.entries")
    return counted(number, *words) if complete else entries_counted(number, complete)


def kinds_counted(counts: Mapping[str, int]) -> str:
    """Return "3 Ziele, 9 Projekte", in the order in which kinds are known."""
    return ", ".join(counted(counts[kind], *NOUNS[kind]) for kind in ItemKind if counts.get(kind))


def most_binding_first(documents: Iterable[Document]) -> list[Document]:
    """Return documents with what is decided before what is not, else in the given order."""
    return sorted(documents, key=lambda document: BINDING[document.status])


def places(record: Record | Item) -> str:
    """Return the municipalities that a record concerns."""
    named = ", ".join(record.municipalities)
    return say("staff.all_municipalities") if record.all_municipalities and not named else named


def shortened(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters, cut at a word and marked where it was longer."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:") + "…"
