"""German labels for the values of the API (kinds, statuses, columns), and lines that show records
and documents.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from prompts import load_words, say
from service import wording
from service.records.answers import Citation, GeneratedBy
from service.records.completeness import format_count, format_kind_counts
from service.records.models import CorrectedView, DocumentView, FamilyView, Record
from vectorstore import EditionInfo
from vectorstore.records import (
    Corrected,
    Document,
    DocumentStatus,
    Item,
    ItemKind,
    ItemStatus,
    ProposedRecord,
    Provenance,
    RefTitle,
)

if TYPE_CHECKING:
    from vectorstore.records import RecordState


def _words(prefix: str) -> dict[str, str]:
    """The texts of the table `labels` whose names begin with `prefix` and "_", by the rest of their
    names.

    So the prefix "status" gives {"idea": …}. They are in the order of the table.
    """
    start = f"{prefix}_"
    return {
        name.removeprefix(start): text
        for name, text in load_words("de/labels").items()
        if name.startswith(start)
    }


KINDS = _words("kind")
KINDS_MANY = _words("kinds")
NOUNS: dict[str, tuple[str, str]] = {kind: (noun, KINDS_MANY[kind]) for kind, noun in KINDS.items()}
STATUSES = _words("status")
IDEAS = say("labels.ideas")  # what reports call the list of ideas
STATUSES_LONG = {**STATUSES, ItemStatus.IDEA: f"{STATUSES[ItemStatus.IDEA]} ({IDEAS})"}
DOCUMENT_KINDS = _words("document")
DOCUMENT_STATUSES = _words("standing")
METADATA_PARTS = _words("front")
MADE_BY = _words("made")
COLUMNS = _words("column")
FIELDS = _words("field")
SHORT_FIELDS = ("funding", "indicator", "target_group", "effect", "obstacles", "links", "remarks")
ANSWER_STATUSES = _words("answer")
MODES = _words("mode")
GENERATED = _words("generated")
SUGGESTIONS = _words("suggestions")
# heading of suggestions for answer statuses that are not in SUGGESTIONS
SUGGESTIONS_HEADING = say("labels.next")
NO_STATUS = say("labels.unknown_standing")
UNCONFIRMED = say("labels.unconfirmed")
TABLE_ROW = say("labels.table_row")
EDITION_STATES = _words("edition")
VALUES = {**KINDS, **STATUSES, **DOCUMENT_STATUSES}
READ_STATES = {state: say(f"staff.state_{state}") for state in ("indexed", "indexed_with_warnings")}
PLAN_STATUSES = (
    ItemStatus.IDEA,
    ItemStatus.PLANNED,
    ItemStatus.IN_PROGRESS,
    ItemStatus.IMPLEMENTED,
)
STATUS_ORDER: dict[str, int] = {
    **{status: step for step, status in enumerate(PLAN_STATUSES)},
    ItemStatus.ARCHIVED: -1,
}
UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)
# most binding document status first
STATUS_ORDER_OF_DOCUMENTS = (DocumentStatus.ADOPTED, DocumentStatus.PUBLISHED, None, *UNDECIDED)


def format_disclosure(generated_by: GeneratedBy) -> str:
    """Return the sentence that discloses that a text was generated automatically (AI Act, Art.
    50).
    """
    model = f" ({generated_by.model})" if generated_by.model else ""
    return GENERATED[generated_by.kind].format(model=model)


def format_value(value: object) -> str:
    """Return a value of a record or of an answer's row as German text.

    Codes such as "in_progress" are put into words; parts of lists are joined by commas, values of
    objects by spaces. "" for None.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("labels.yes") if value else say("labels.no")
    if isinstance(value, list | tuple):
        return ", ".join(format_value(part) for part in value)
    if isinstance(value, dict):
        return " ".join(format_value(part) for part in value.values())
    return VALUES.get(str(value), str(value))


def status_names(status: ItemStatus) -> set[str]:
    """Return all names by which people or programs may filter by a status: its value and its German
    words.
    """
    names = {status.value, STATUSES[status], STATUSES_LONG[status]}
    if status is ItemStatus.IDEA:
        names.add(IDEAS)
    return names


def format_document_counts(document: DocumentView, *, sections: bool = True) -> str:
    """Return a document's counts: "33 Ziele, mindestens 58 von 60 Maßnahmen, Projekte (Anzahl
    unsicher)".

    Sections are no records; without `sections` they are left out.
    """
    counts = {
        kind: number
        for kind, number in document.counts.items()
        if sections or kind != ItemKind.SECTION
    }
    return ", ".join(format_kind_counts(counts, document.families, NOUNS))


def format_with_noun(number: int, singular: str, plural: str) -> str:
    """Return a number with its noun, "1 Eintrag" or "1.300 Einträge"."""
    noun = singular if number == 1 else plural
    return f"{number:,} {noun}".replace(",", ".")


def most_binding_first(documents: Iterable[Document]) -> list[Document]:
    """Return documents by how binding their status is (adopted first, drafts last), else in the
    given order.
    """
    return sorted(documents, key=lambda document: STATUS_ORDER_OF_DOCUMENTS.index(document.status))


def format_municipalities(record: Record | Item) -> str:
    """Return the names of a record's municipalities; if it is for all of them and names none, the
    word for that.
    """
    if record.all_municipalities and not record.municipalities:
        return say("staff.all_municipalities")
    return ", ".join(record.municipalities)


def shortened(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters; a longer one is cut at a word and ends in "…".

    If it has no space before the limit, it is cut within its first word.
    """
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:") + "…"


def format_item_count(number: int, complete: bool | None) -> str:
    """Return a number of records of any kind: "57 Einträge", "mindestens 58 Einträge", "Einträge
    (Anzahl unsicher)".
    """
    return format_count(number, (say("labels.entry"), say("labels.entries")), complete, "de")


def format_row_count(number: int, complete: bool | None) -> str:
    """Return in words how many rows the table of an answer has.

    If there are more rows than the table has (`complete` False), or if nobody can tell (None), it
    says so.
    """
    if complete is None:
        return say("labels.rows_uncertain")
    noun = say("labels.row") if number == 1 else say("labels.rows")
    rows = f"{number} {noun}"
    return rows if complete else say("labels.rows_incomplete", rows=rows)


def format_family_count(family: FamilyView) -> str:
    """Return how many records a family has: "mindestens 58 von 60 Maßnahmen"."""
    return format_count(family.found, NOUNS[family.kind], family.complete, "de", family.expected)


def number_of(ref: str, title: str) -> str:
    """Return the number to print before a title.

    It is "" if the title is the number or begins with it, so that it is not printed twice.
    """
    if ref == title or title.startswith(f"{ref} "):
        return ""
    return ref


def name_of(record: Item | ProposedRecord | Record | Citation | RecordState | RefTitle) -> str:
    """Return number and title of a record, theme or goal; those of sheets have no number."""
    return f"{number_of(record.ref, record.title)} {record.title}".strip()


def document_status(status: str | None) -> str:
    """Return a document status in words, also for None."""
    return NO_STATUS if status is None else DOCUMENT_STATUSES[status]


def mark_unconfirmed(text: str, part: str, unconfirmed: Collection[str]) -> str:
    """Return a part of a document's metadata; "(unbestätigt)" is added if `part` is in
    `unconfirmed`.
    """
    if text and part in unconfirmed:
        return f"{text} ({UNCONFIRMED})"
    return text


def status_and_date(
    status: str | None, as_of: date | None, unsure: Collection[str]
) -> tuple[str, str]:
    """Return status and date of a document in words.

    If `unsure` names one of them ("status", "as_of"), it is marked as unconfirmed. An unknown one
    is never marked: there is nothing to confirm.
    """
    return (
        mark_unconfirmed(document_status(status), "status", unsure if status else ()),
        mark_unconfirmed(format_as_of(as_of), "as_of", unsure if as_of else ()),
    )


def metadata_line(
    document: DocumentView | Document, *, status: bool = True, kind: bool = True
) -> str:
    """Return publisher, kind, status and date of a document in one line.

    If the title is unconfirmed, a remark on this comes first.
    """
    unsure = document.unconfirmed
    status_text, date_text = status_and_date(document.status, document.as_of, unsure)
    parts = (
        say("labels.title_unconfirmed") if "title" in unsure else "",
        mark_unconfirmed(document.publisher, "publisher", unsure),
        mark_unconfirmed(DOCUMENT_KINDS[document.kind], "kind", unsure) if kind else "",
        status_text if status else "",
        date_text,
    )
    return " · ".join(filter(None, parts))


def metadata_words(document: Document) -> dict[str, str]:
    """Return the metadata of a document in German words by field, "" for what is not known."""
    return {
        "title": document.title,
        "publisher": document.publisher,
        "kind": DOCUMENT_KINDS[document.kind],
        "status": document_status(document.status) if document.status else "",
        "as_of": format_date(document.as_of) if document.as_of else "",
    }


def format_provenance(provenance: Provenance) -> str:
    """Return from which source a document is, with the reference of its paper, when it was
    fetched, and under which licence it stands, or that the source states none.
    """
    day = format_date(provenance.fetched)
    source = provenance.source
    if provenance.reference:
        source = say("labels.source_paper", source=source, reference=provenance.reference)
    licence = say("labels.no_licence")
    if provenance.licence:
        licence = say("labels.licence", licence=provenance.licence)
    return f"{say('labels.source', source=source, day=day)}. {licence}"


def format_superseded(document: DocumentView) -> str:
    """Return why a document does not count any more, "" for a document that counts.

    It was replaced or repealed by another document, it is the same as another one, or its validity
    has ended.
    """
    if document.replaced_by:
        relations = ("followed_by", "repealed_by", "same_as")
        reason = next((name for name in relations if getattr(document, name)), "replaced")
        return say(f"labels.{reason}", title=document.replaced_by.title)
    if document.superseded:
        return say("labels.was_valid", day=format_date(document.valid_until))
    return ""


def format_citation(citation: Citation) -> str:
    """Return document, publisher, status, date and page of a citation in one line."""
    unsure = citation.unconfirmed
    page = citation.page_label or citation.page
    names = (
        mark_unconfirmed(citation.document_title, "title", unsure),
        mark_unconfirmed(citation.publisher, "publisher", unsure),
    )
    standing = status_and_date(citation.document_status, citation.as_of, unsure)
    parts = [", ".join(filter(None, names)), *standing]
    if page:
        parts.append(say("labels.page", page=page))
    if citation.scanned:
        parts.append(say("labels.scanned"))
    return " · ".join(parts)


def format_correction(correction: Corrected | CorrectedView) -> str:
    """Return a correction in one line: the value now, the value read from the document, reason and
    day.

    Without a value now, the part was removed. Without a value read, the document had none.
    """
    value = _corrected_text(correction.value)
    read = _corrected_text(correction.read)
    part = load_words("de/corrections")[correction.field]
    now = say("labels.corrected" if value else "labels.removed", part=part, value=value)
    before = say("labels.was_read", value=read) if read else ""
    when = f" ({format_date(correction.day)})" if correction.day else ""
    reason = correction.reason.rstrip(".")
    return say("labels.reason", now=now, before=before, reason=reason, when=when)


def _corrected_text(text: str) -> str:
    """Return a corrected value in words.

    Several units or dates are stored in one text with "; " between them, so each is put into words.
    """
    return "; ".join(wording.format_moment(format_value(part)) for part in text.split("; "))


def format_date(when: date | None) -> str:
    """Return a date as "31.12.2027", "ohne Datum" for None."""
    return when.strftime("%d.%m.%Y") if when else say("labels.no_date")


def format_as_of(when: date | None) -> str:
    """Return "Stand 31.12.2027", "ohne Datum" for None."""
    if when is None:
        return format_date(when)
    return say("labels.as_of", day=format_date(when))


def format_edition_time(edition: EditionInfo) -> str:
    """Return the day of an edition; of a draft the day and time it was made, in local time.

    Several drafts may be made on a day, so the day alone would not tell them apart.
    """
    if edition.made is not None:
        return f"{edition.made.astimezone():%d.%m.%Y, %H:%M}"
    return format_date(edition.created) if edition.created else say("labels.unknown")
