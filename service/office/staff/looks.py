"""What records of a document look like: answers to the questions on a draft's and a document's
page, and a page on which a person points at examples.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from service.office.staff.documents import change_or_show
from service.office.staff.draft_page import draft_path, draft_picture
from service.office.staff.drafts import DRAFT, DraftDep, ReviewDep, failure_page
from service.office.staff.paths import STAFF, staff_document_path
from service.office.staff.people_pages import WhoDep
from service.office.staff.record_questions import ANSWERS, ExamplesDep, LookDep, decide_look
from service.office.staff.rendering import plain_page
from service.office.staff.roles import FOR_EDITORS
from service.office.staff.uploads import PATH, DraftServiceDep
from service.office.uploads import NO_RECORDS, DraftService, ReadingFailed, StaffLook
from service.records import ProblemError
from service.web import ServedDep
from service.web.http import with_query
from service.web.routes import picture_url
from vectorstore.records import Document, ProposedRecord

router = APIRouter(dependencies=[FOR_EDITORS], include_in_schema=False)
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
_REFRESH_SECONDS = "3"
LineIndex = Annotated[int | None, Query(ge=0)]


@router.post(PATH + DRAFT + "/look")
def answer_in_draft(review: ReviewDep, look: LookDep) -> Response:
    """Answer whether titles that look alike are records, and start reading the document again."""
    change = partial(decide_look, review.drafts, review.document_id, look)
    return review.change_and_read(change, "look-set")


@router.post(STAFF + "/documents/{document_id}/look")
def answer_on_document(
    document_id: str,
    served: ServedDep,
    drafts: DraftServiceDep,
    who: WhoDep,
    look: LookDep,
) -> Response:
    """Store whether titles that look alike are records; the answer is used when the document is
    read next.
    """
    if document_id not in served.edition.catalogue.documents:
        raise ProblemError("not-found")
    change = partial(decide_look, drafts, document_id, look)
    note = partial(who.note, "look-set", document_id)
    return change_or_show(change, note, document_id, served, who.role, drafts)


@router.get(PATH + DRAFT + "/examples")
def show_examples_in_draft(
    draft: DraftDep,
    drafts: DraftServiceDep,
    document: str,
    picked: ExamplesDep,
    page: PageNumber = 1,
    line: LineIndex = None,
) -> HTMLResponse:
    """Show the lines of a page of a draft's document, and the titles that look like the picked
    examples.

    `line` is the line at which the person just pointed, by its number in the document from 0: it
    becomes an example too.
    """
    reviewed = draft.document(document)
    return _examples_page(
        drafts,
        reviewed.document,
        drafts.original(draft.name, document),
        picked,
        page,
        line,
        back=draft_path(draft.name, document),
        place=draft_path(draft.name),
        picture=partial(draft_picture, draft.name, reviewed),
    )


@router.get(STAFF + "/documents/{document_id}/examples")
def show_examples(
    document_id: str,
    served: ServedDep,
    drafts: DraftServiceDep,
    picked: ExamplesDep,
    page: PageNumber = 1,
    line: LineIndex = None,
) -> HTMLResponse:
    """Show the lines of a page of a document, and the titles that look like the picked examples.

    `line` is the line at which the person just pointed, by its number in the document from 0: it
    becomes an example too.
    """
    document = served.edition.catalogue.documents.get(document_id)
    path = served.edition.originals.get(document_id)
    if document is None or path is None:
        raise ProblemError("not-found")
    place = staff_document_path(document_id)
    picture = partial(picture_url, served.edition, document_id)
    return _examples_page(
        drafts, document, path, picked, page, line, back=place, place=place, picture=picture
    )


def _examples_page(
    drafts: DraftService,
    document: Document,
    path: Path,
    picked: StaffLook,
    page: int,
    line: int | None,
    *,
    place: str,
    back: str,
    picture: Callable[[int, str], str],
) -> HTMLResponse:
    """Render the page on which people pick titles as examples of records.

    `place` is the address of the draft or document, `back` that of the page to return to. `picture`
    returns the address of a picture: of a page of the original, with a quote marked; "" if the
    original cannot be drawn. The examples that were picked so far are in the addresses of the page
    (`at`), since nothing is stored yet. While the document is being read, it is a page that shows
    how far that is and loads itself again.
    """
    try:
        trial = drafts.reader.try_examples(path, page, picked, line)
    except ReadingFailed as failure:
        return failure_page(str(failure))
    if isinstance(trial, float):
        waiting = plain_page(
            "staff_examples_waiting.html", "uploads", document=document, back=back, share=trial
        )
        waiting.headers["Refresh"] = _REFRESH_SECONDS
        return waiting
    at = partial(
        with_query,
        f"{place}/examples",
        document=document.id,
        names=[name for name, _ in trial.examples],
        pages=[number for _, number in trial.examples if number],
    )
    titles = _quotes_by_page(trial.records)
    shown = titles.items() if picture(page, "") else ()
    kinds = {kind: words for kind, words in ANSWERS.items() if kind != NO_RECORDS}
    return plain_page(
        "staff_examples.html",
        "uploads",
        document=document,
        trial=trial,
        page=page,
        answers=kinds,
        place=place,
        back=back,
        picture=picture(page, titles.get(page, "")),
        found=[(number, picture(number, quoted), at(page=number)) for number, quoted in shown],
        pick=at(page=page),
    )


def _quotes_by_page(records: Sequence[ProposedRecord]) -> Mapping[int, str]:
    """Return the titles on each page as a quote that its picture marks: a paragraph each."""
    titles: dict[int, list[str]] = defaultdict(list)
    for record in records:
        titles[record.page].append(record.title)
    return {page: "\n\n".join(on_page) for page, on_page in titles.items()}
