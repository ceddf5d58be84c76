"""The page on which people review a draft, one document at a time, before it is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any
from urllib.parse import quote, urlencode

from fastapi.responses import HTMLResponse

from prompts import say
from service import MAX_QUOTE
from service.office.staff.people_pages import record_form, unfit_states
from service.office.staff.record_questions import ANSWERS, decided_looks, list_record_questions
from service.office.staff.relations import relations_of
from service.office.staff.rendering import plain_page
from service.office.staff.uploads import PATH
from service.office.uploads import (
    ITEM_KINDS_TO_CHOOSE,
    DraftService,
    ReviewedDocument,
    ReviewedDraft,
    doubt_sentences,
    doubtful_fields,
    unresolvable_conflicts,
    verdicts,
)
from service.people import Decision, PeopleStore
from service.records import change_rows, count_records, labels
from service.web.http import with_query
from vectorstore.records import Item


def draft_path(name: str, document_id: str = "", key: str = "") -> str:
    """Return the address of a draft, of one of its documents, or of an item of this."""
    path = f"{PATH}/drafts/{quote(name, safe='')}"
    return with_query(path, document=document_id, item=key)


def draft_page(
    drafts: DraftService,
    people: PeopleStore,
    draft: ReviewedDraft,
    document: ReviewedDocument | None,
    *,
    wrong: Mapping[str, str] | None = None,
    metadata: Mapping[str, str] | None = None,
    key: str = "",
    typed: Mapping[str, str] | None = None,
    problem: str = "",
) -> HTMLResponse:
    """Render the page of a draft, with one of its documents or with none.

    With `key` only the item with this key is shown of the document. The new and different documents
    are listed, with their verdicts, unless the page shows the only one. After an invalid input
    (422), `metadata` are the values that were typed and `wrong` are the messages on them, both by
    field; or `typed` are the values of the item, and `problem` says what is wrong with them. Else
    the forms show the values as they were read.
    """
    values: dict[str, Any] = {}
    documents = draft.documents  # those that are new or differ
    others = [(other, verdicts(other)) for other in documents]
    if document is not None:
        if draft.changed == (document.document.id,):
            others = []
        of_document = document.document
        codes = {"kind": of_document.kind, "status": of_document.status or ""}
        metadata = metadata or labels.metadata_words(of_document) | codes
        chosen = [item for item in document.parsed.items if item.key == key]
        values = _document_values(drafts, draft, document, metadata)
        values |= _item_values(people, draft, document, chosen or document.shown_items, typed)
        values["is_item_page"] = bool(chosen)
    return plain_page(
        "staff_draft.html",
        "uploads",
        422 if wrong or problem else 200,
        draft=draft,
        path=draft_path(draft.name),
        reviewed=document,
        others=others,
        open_before=list(filter(None, (_open_points(drafts, each) for each in documents))),
        wrong=wrong or {},
        problem=problem,
        **values,
    )


def _document_values(
    drafts: DraftService,
    draft: ReviewedDraft,
    reviewed: ReviewedDocument,
    metadata: Mapping[str, str],
) -> dict[str, Any]:
    """Return the template values of one document of a draft; `metadata` fill its form.

    Changes are listed only if the document was published before: in a new document every record
    would be one. `told` is the message of the job that made the draft, such as its cost, "" if it
    is no longer known.
    """
    document = reviewed.document
    changes = [
        change
        for change in draft.diff
        if reviewed.before is not None and change.state.id == document.id
    ]
    looks = drafts.reader.looks(document.id)
    return {
        "record_questions": list(list_record_questions(document, looks)),
        "decided_looks": list(decided_looks(looks)),
        "answers": ANSWERS,
        "picture_of": partial(draft_picture, draft.name, reviewed),
        "verdicts": verdicts(reviewed),
        "related": list(
            relations_of(document, draft.catalogue.documents, drafts.reader.relations())
        ),
        "taken_kinds": ITEM_KINDS_TO_CHOOSE,
        "front": metadata,
        "doubts": list(doubt_sentences(reviewed, count_records(changes)["gone"])),
        "question_price": drafts.reader.question_price(reviewed),
        "taken": [(name, _taken_sentence(reviewed, name)) for name in reviewed.taken],
        "missed": {kind: _group_by_page(rows) for kind, rows in reviewed.missed.items()},
        "changed": [cells for _, *cells in change_rows(changes)],  # without the document's id
        "names": {item.key: f"{item.ref} {item.title}" for item in reviewed.parsed.items},
        "told": next(
            (job.message for job in drafts.jobs.all() if job.edition == draft.name and job.message),
            "",
        ),
    }


def _item_values(
    people: PeopleStore,
    draft: ReviewedDraft,
    reviewed: ReviewedDocument,
    shown: Sequence[Item],
    typed: Mapping[str, str] | None,
) -> dict[str, Any]:
    """Return the template values of the items that are shown of a document; `typed` fill the form
    of a single one.

    `decided` are decisions on items that are not shown, so that none is overlooked.
    """
    decisions = people.decisions.on_fields(reviewed.document.id)
    rows = [_record_row(draft.name, reviewed, item, decisions, typed) for item in shown]
    keys = {item.key for item in shown}
    return {
        "rows": rows,
        "asked": [(row, question) for row in rows for question in row["questions"]],
        "decided": [decision for decision in decisions if decision.items[0][1] not in keys],
        "unfit": unfit_states(decisions, draft.catalogue),
    }


def _open_points(drafts: DraftService, reviewed: ReviewedDocument) -> str:
    """Return a sentence on what people did not decide in a document yet, "" if they decided
    everything.

    Open are metadata that nobody confirmed, and questions that nobody answered: on titles that look
    alike, and on fields of records that are in doubt.
    """
    document = reviewed.document
    asked = len(list(list_record_questions(document, drafts.reader.looks(document.id))))
    asked += sum(len(doubtful_fields(item)) for item in reviewed.shown_items)
    asked += bool(document.unconfirmed)
    if not asked:
        return ""
    nouns = say("review.open_question"), say("review.open_questions")
    what = labels.format_with_noun(asked, *nouns)
    return say("review.open_before", title=document.title, what=what)


def _record_row(
    name: str,
    document: ReviewedDocument,
    item: Item,
    decisions: Sequence[Decision],
    typed: Mapping[str, str] | None,
) -> dict[str, Any]:
    """Return the values of a record for the template.

    Among them are the picture of its page ("" if there is none), the fields in doubt, and its form,
    with the values that were `typed`.
    """
    return {
        "item": item,
        "picture": draft_picture(name, document, item.page, item.heading),
        "decided": [decision for decision in decisions if decision.items[0][1] == item.key],
        "questions": doubtful_fields(item),
        "conflicts": unresolvable_conflicts(item),
        "form": record_form(document.document, item, typed),
    }


def draft_picture(name: str, document: ReviewedDocument, page: int | None, quoted: str) -> str:
    """Return the address of a picture of a page with the text `quoted` marked.

    Returns "" if the file cannot be drawn, or without a page. The text is cut to MAX_QUOTE
    characters.
    """
    if not document.has_pictures or page is None:
        return ""
    query = urlencode({"quote": quoted[:MAX_QUOTE]})
    document_id = quote(document.document.id, safe="")
    return f"{draft_path(name)}/pages/{document_id}/{page}.png?{query}"


def _group_by_page(
    rows: Sequence[Mapping[str, Any]],
) -> list[tuple[int | None, list[Mapping[str, Any]]]]:
    """Return missed rows or headings, which are in the order of the document, as pairs of a page
    and those on it.
    """
    return [(page, list(on_page)) for page, on_page in groupby(rows, itemgetter("page"))]


def _taken_sentence(document: ReviewedDocument, name: str) -> str:
    """Return the sentence that people made an item of the row or section `name`, which is its title
    or number and title.

    It says so if the last reading did not find the row or section any more.
    """
    is_found = any(
        name in (record.title, f"{record.ref} {record.title}") for record in document.records
    )
    return say("review.taken" if is_found else "review.taken_gone", name=name)
