"""What records of a document look like: answers to the questions on a draft's and a document's
page, and a page on which a person points at examples.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import Response

from service.office.staff.documents import change_or_show
from service.office.staff.draft_page import draft_path, draft_picture
from service.office.staff.drafts import DRAFT, DraftDep, ReviewDep, failure_page
from service.office.staff.paths import STAFF, staff_document_path
from service.office.staff.people_pages import WhoDep
from service.office.staff.record_questions import ANSWERS, ExamplesDep, LookDep, decide_look
from service.office.staff.rendering import plain_page
from service.office.staff.roles import FOR_EDITORS
from service.office.staff.uploads import PATH, DraftServiceDep
from service.office.uploads import OPEN, DraftService, ReadingFailed, StaffLook
from service.records import ProblemError
from service.web import ServedDep
from service.web.http import with_query
from service.web.routes import picture_url
from vectorstore.records import Document

router = APIRouter(dependencies=[FOR_EDITORS], include_in_schema=False)
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
_REFRESH_SECONDS = "3"
LineIndex = Annotated[int | None, Query(ge=0)]
SeenChange = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class ExamplePages:
    """The pages on which people pick titles of a document as examples of records and, once they
    say of which kind, see what that changes.

    `path` is that of the original. `place` is the address of the draft or document, `back` that of
    the page to return to. `picture` returns the address of a picture: of a page of the original,
    with a quote marked; "" if the original cannot be drawn.
    """

    drafts: DraftService
    document: Document
    path: Path
    place: str
    back: str
    picture: Callable[[int, str], str]

    def show(
        self,
        picked: StaffLook,
        page: int = 1,
        line: int | None = None,
        *,
        seen: str = "",
        store: Callable[[], Response] | None = None,
    ) -> Response:
        """Render the page with the examples that were picked so far.

        They are in the addresses of the page, since nothing is stored yet. An answer is stored by
        `store`, whose response is returned, if what it changes is what the person has `seen`; one
        that is taken back is so at once. `line` is the
        line at which the person just pointed, by its number in the document from 0: it becomes an
        example too. While the document is being read, it is a page that shows how far that is and
        loads itself again.
        """
        if store and picked.kind == OPEN:
            return store()
        try:
            trial = self.drafts.reader.try_examples(self.document, self.path, picked, page, line)
        except ReadingFailed as failure:
            return failure_page(str(failure))
        page_of = partial(plain_page, here="uploads", document=self.document, back=self.back)
        if isinstance(trial, float):
            waiting = page_of("staff_examples_waiting.html", share=trial)
            address = self._address(picked.examples, kind=picked.kind, page=page, line=line)
            waiting.headers["Refresh"] = f"{_REFRESH_SECONDS}; url={address}"
            return waiting
        if store and trial.change == seen:
            return store()
        titles = defaultdict[int, str](str)  # those of a page as a quote, a paragraph each
        for record in trial.records:
            titles[record.page] += f"{record.title}\n\n"
        return page_of(
            "staff_examples.html",
            trial=trial,
            page=page,
            kind=picked.kind,
            answers=ANSWERS,
            pages=self,
            titles=titles,
            address_of=partial(self._address, trial.examples),
        )

    def _address(self, examples: Sequence[tuple[str, int | None]], **more: object) -> str:
        """Return the address of the page with examples."""
        return with_query(
            f"{self.place}/examples",
            document=self.document.id,
            names=[name for name, _ in examples],
            pages=[number for _, number in examples if number],
            **more,
        )


def pages_in_draft(draft: DraftDep, drafts: DraftServiceDep, document: str) -> ExamplePages:
    """Return the pages for a draft's document; raises the problem not-found."""
    reviewed = draft.document(document)
    return ExamplePages(
        drafts,
        reviewed.document,
        drafts.original(draft.name, document),
        draft_path(draft.name),
        draft_path(draft.name, document),
        partial(draft_picture, draft.name, reviewed),
    )


def pages_of_document(document_id: str, served: ServedDep, drafts: DraftServiceDep) -> ExamplePages:
    """Return the pages for a published document; raises the problem not-found."""
    document = served.edition.catalogue.documents.get(document_id)
    path = served.edition.originals.get(document_id)
    if document is None or path is None:
        raise ProblemError("not-found")
    place = staff_document_path(document_id)
    picture = partial(picture_url, served.edition, document_id)
    return ExamplePages(drafts, document, path, place, place, picture)


PagesOfDocument = Annotated[ExamplePages, Depends(pages_of_document)]


@router.post(PATH + DRAFT + "/look")
def answer_in_draft(review: ReviewDep, look: LookDep, seen: SeenChange = "") -> Response:
    """Answer whether titles that look alike are records, and start reading the document again.

    `seen` is the change of the records that the person was shown.
    """
    pages = pages_in_draft(review.draft, review.drafts, review.document_id)
    change = partial(decide_look, review.drafts, review.document_id, look)
    store = partial(review.change_and_read, change, "look-set", detail=seen)
    return pages.show(look, seen=seen, store=store)


@router.post(STAFF + "/documents/{document_id}/look")
def answer_on_document(
    document_id: str,
    pages: PagesOfDocument,
    served: ServedDep,
    who: WhoDep,
    look: LookDep,
    seen: SeenChange = "",
) -> Response:
    """Store whether titles that look alike are records; the answer is used when the document is
    read next.

    `seen` is the change of the records that the person was shown.
    """
    change = partial(decide_look, pages.drafts, document_id, look)
    note = partial(who.note, "look-set", f"{document_id} {seen}")
    store = partial(change_or_show, change, note, document_id, served, who.role, pages.drafts)
    return pages.show(look, seen=seen, store=store)


@router.get(PATH + DRAFT + "/examples")
def show_examples_in_draft(
    pages: Annotated[ExamplePages, Depends(pages_in_draft)],
    picked: ExamplesDep,
    page: PageNumber = 1,
    line: LineIndex = None,
) -> Response:
    """Show the lines of a page of a draft's document, the titles that look like the picked
    examples, and what an answer changes.
    """
    return pages.show(picked, page, line)


@router.get(STAFF + "/documents/{document_id}/examples")
def show_examples(
    pages: PagesOfDocument, picked: ExamplesDep, page: PageNumber = 1, line: LineIndex = None
) -> Response:
    """Show the lines of a page of a document, the titles that look like the picked examples, and
    what an answer changes.
    """
    return pages.show(picked, page, line)
