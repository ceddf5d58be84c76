"""What records of a document look like: answers to the questions on a draft's page, and a page on
which a person points at examples.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from service.office.staff.draft_page import draft_path, draft_picture
from service.office.staff.drafts import DRAFT, DraftDep, ReviewDep, failure_page
from service.office.staff.record_questions import ANSWERS, ExamplesDep, LookDep
from service.office.staff.rendering import plain_page
from service.office.staff.roles import FOR_EDITORS
from service.office.staff.uploads import PATH, DraftServiceDep
from service.office.uploads import OPEN, DraftService, ReadingFailed, ReviewedDocument, StaffLook
from service.web.http import with_query
from vectorstore.records import Document, ProposedRecord

router = APIRouter(prefix=PATH + DRAFT, dependencies=[FOR_EDITORS], include_in_schema=False)
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
_REFRESH_SECONDS = "3"
LineIndex = Annotated[int | None, Query(ge=0)]
SeenChange = Annotated[str, Form()]


def _show_examples(
    drafts: DraftService,
    name: str,
    reviewed: ReviewedDocument,
    picked: StaffLook,
    page: int = 1,
    line: int | None = None,
    *,
    seen: str = "",
    store: Callable[[], Response] | None = None,
) -> Response:
    """Render the page on which people pick titles of a document of the draft `name` as examples of
    records and, once they say of which kind, see what that changes.

    The examples are in the addresses of the page, since nothing is stored yet. An answer is stored
    by `store`, whose response is returned, if what it changes is what the person has `seen`; one
    that is taken back is so at once. `line` is the line at which the person just pointed, by its
    number in the document from 0: it becomes an example too. While the document is being read, it
    is a page that shows how far that is and loads itself again.
    """
    if store and picked.kind == OPEN:
        return store()
    document = reviewed.document
    try:
        path = drafts.original(name, document.id)
        trial = drafts.reader.try_examples(document, path, picked, page, line)
    except ReadingFailed as failure:
        return failure_page(str(failure))
    place = draft_path(name)
    back = draft_path(name, document.id)
    address_of = partial(_address, f"{place}/examples", document.id)
    if isinstance(trial, float):
        address = address_of(picked.examples, kind=picked.kind, page=page, line=line)
        return _waiting_page(document, back, trial, address)
    if store and trial.change == seen:
        return store()
    return plain_page(
        "staff_examples.html",
        "uploads",
        document=document,
        back=back,
        trial=trial,
        page=page,
        kind=picked.kind,
        answers=ANSWERS,
        place=place,
        picture_of=partial(draft_picture, name, reviewed),
        titles=_titles_by_page(trial.records),
        address_of=partial(address_of, trial.examples),
    )


def _waiting_page(document: Document, back: str, share: float, address: str) -> Response:
    """Render the page that shows the `share` of the document that was read, and opens `address`
    after a while.
    """
    page = plain_page(
        "staff_examples_waiting.html", "uploads", document=document, back=back, share=share
    )
    page.headers["Refresh"] = f"{_REFRESH_SECONDS}; url={address}"
    return page


def _titles_by_page(records: Iterable[ProposedRecord]) -> Mapping[int, str]:
    """Return the titles of each page as one quote, a paragraph each."""
    titles = defaultdict[int, str](str)
    for record in records:
        titles[record.page] += f"{record.title}\n\n"
    return titles


def _address(
    path: str, document_id: str, examples: Sequence[tuple[str, int | None]], **more: object
) -> str:
    """Return the address of the page with examples."""
    return with_query(
        path,
        document=document_id,
        names=[name for name, _ in examples],
        pages=[number for _, number in examples if number],
        **more,
    )


@router.post("/look")
def answer(review: ReviewDep, look: LookDep, seen: SeenChange = "") -> Response:
    """Answer whether titles that look alike are records, and start reading the document again.

    `seen` is the change of the records that the person was shown.
    """
    reader = review.drafts.reader
    change = partial(reader.add_look, review.document_id, look)
    if look.kind == OPEN:
        change = partial(reader.remove_look, review.document_id, look.names)
    store = partial(review.change_and_read, change, "look-set", detail=seen)
    return _show_examples(
        review.drafts, review.draft.name, review.reviewed, look, seen=seen, store=store
    )


@router.get("/examples")
def show_examples(
    draft: DraftDep,
    drafts: DraftServiceDep,
    document: str,
    picked: ExamplesDep,
    page: PageNumber = 1,
    line: LineIndex = None,
) -> Response:
    """Show the lines of a page of a draft's document, the titles that look like the picked
    examples, and what an answer changes.
    """
    return _show_examples(drafts, draft.name, draft.document(document), picked, page, line)
