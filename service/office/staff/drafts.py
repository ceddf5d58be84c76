"""Staff pages for drafts: review a document, correct it, publish or discard the draft, roll
back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from prompts import say
from service import TypedQuote
from service.office.staff.draft_page import draft_page, draft_path
from service.office.staff.people_pages import PeopleDep, TypedDep, WhoDep
from service.office.staff.relations import Chosen, decide
from service.office.staff.rendering import plain_page
from service.office.staff.roles import FOR_EDITORS, FOR_PUBLISHERS
from service.office.staff.uploads import PATH, DraftServiceDep, job_path
from service.office.uploads import (
    METADATA_PARSERS,
    DraftService,
    ReadingRequest,
    ReviewedDocument,
    ReviewedDraft,
)
from service.people import Author, InvalidDecision, PeopleStore, corrections_of
from service.records import ProblemError, labels
from service.web import RendererDep, RowNumber
from service.web.pictures import PictureRequest
from service.web.routes import picture_response
from vectorstore.language import collapse_spaces
from vectorstore.storage import NotPublishable, StoreError

router = APIRouter(prefix=PATH, dependencies=[FOR_EDITORS], include_in_schema=False)
WIDTH = 640  # of a page's picture in pixels, so that its print is legible
DRAFT = "/drafts/{name}"
PUBLISH = "/publish"
DROP = "/drop"
BACK = "/rollback"
SLOW = tuple(f"{PATH}{path}" for path in (PUBLISH, DROP, BACK))
SLOW_SECONDS = 120.0
Text = Annotated[str, Form()]


def draft_of(name: str, drafts: DraftServiceDep, people: PeopleDep) -> ReviewedDraft:
    """Return the draft of a name, with the corrections that are valid today applied.

    The published edition is a draft in which nothing is changed yet. Raises the problem no-draft if
    there is no such draft: it may be published or dropped by now.
    """
    decisions, today = people.decisions.all(), people.decisions.today()
    standing = corrections_of(filter(attrgetter("is_standing"), decisions), today)
    published = corrections_of(filter(attrgetter("is_published"), decisions), today)
    decided = [decision.id for decision in decisions if decision.is_drafted]
    try:
        return drafts.draft(name, standing, published, decided)
    except NotPublishable:
        raise ProblemError("no-draft") from None


DraftDep = Annotated[ReviewedDraft, Depends(draft_of)]


@dataclass(frozen=True, slots=True)
class DraftReview:
    """A document of a draft that a form is about, and the person who sent the form."""

    drafts: DraftService
    draft: ReviewedDraft
    reviewed: ReviewedDocument
    who: Author

    @property
    def document_id(self) -> str:
        """The id of the document."""
        return self.reviewed.document.id

    def page(self, people: PeopleStore, **values: Any) -> HTMLResponse:
        """Render the page of the draft again; `values` are those of `draft_page` on what was
        typed.
        """
        return draft_page(self.drafts, people, self.draft, self.reviewed, **values)

    def change_and_read(
        self,
        change: Callable[[], None],
        action: str,
        problem: str = "review.decided_meanwhile",
        detail: str = "",
    ) -> Response:
        """Change how the document is read, and start reading it again.

        If `change` raises ValueError, nothing is started, and a page shows the sentence `problem`.
        `detail` is written to the audit log too.
        """
        try:
            change()
        except ValueError:
            return failure_page(say(problem))
        return self.start_reading(action, detail)

    def start_reading(self, action: str, detail: str = "", **options: Any) -> Response:
        """Start a job that reads the document again, and redirect to the page of the job.

        `options` are further fields of ReadingRequest. `action` and `detail` are written to the
        audit log.
        """
        jobs, name = self.drafts.jobs, self.draft.name
        request = ReadingRequest(self.who.person, base=name, only=(self.document_id,), **options)
        job = jobs.start(jobs.make_folder(), request)
        self.who.note(action, f"{name} {self.document_id} {detail}")
        return RedirectResponse(job_path(job), 303)


def review_of(draft: DraftDep, drafts: DraftServiceDep, who: WhoDep, document: Text) -> DraftReview:
    """Return what a form is about; raises the problem not-found for an unknown document."""
    return DraftReview(drafts, draft, draft.document(document), who)


ReviewDep = Annotated[DraftReview, Depends(review_of)]


@router.get("/drafts")
def open_draft(drafts: DraftServiceDep, document: str, item: str = "") -> Response:
    """Redirect to the draft in which a published document is changed, to one of its items where a
    key is given.
    """
    name = drafts.draft_for(document)
    if name is None:
        raise ProblemError("not-found")
    return RedirectResponse(draft_path(name, document, item), 303)


@router.get(DRAFT)
def show_draft(
    draft: DraftDep,
    drafts: DraftServiceDep,
    people: PeopleDep,
    document: str = "",
    item: str = "",
) -> HTMLResponse:
    """Show everything that people decide on before a draft is published, one document at a time.

    `document` is the id of the document to show. Without it, the first that is new or differs is
    shown, if there is one. With the key of an `item` only this one is shown of its items.
    """
    chosen = None
    if document or draft.changed:
        chosen = draft.document(document or draft.changed[0])
    return draft_page(drafts, people, draft, chosen, key=item)


@router.get(DRAFT + "/pages/{document_id}/{n}.png")
async def send_picture(
    name: str,
    document_id: str,
    n: Annotated[int, Path(ge=1, le=100_000)],
    request: Request,
    drafts: DraftServiceDep,
    renderer: RendererDep,
    quoted: Annotated[TypedQuote, Query(alias="quote")] = "",
) -> Response:
    """Send a picture of a page of a draft's document, with the text `quoted` marked.

    Only pages of PDF files can be drawn; for another file the problem no-picture is raised.
    """
    try:
        path = await to_thread.run_sync(drafts.original, name, document_id)
    except NotPublishable:
        raise ProblemError("not-found") from None
    if path.suffix != ".pdf":
        raise ProblemError("no-picture")
    picture = PictureRequest(str(path), n, WIDTH, quoted.strip())
    return await picture_response(
        request, renderer, picture, {"Cache-Control": "private, max-age=600"}
    )


@router.post(DRAFT + "/front")
def confirm_metadata(review: ReviewDep, people: PeopleDep, typed: TypedDep) -> Response:
    """Store the metadata that a person confirmed or corrected, and start reading the document
    again.

    An empty field is no answer: reading decides on it. If a value is invalid, nothing is started
    and the page says what is wrong (422).
    """
    metadata = {part: collapse_spaces(typed.get(part, "")) for part in labels.METADATA_PARTS}
    answers = {part: text for part, text in metadata.items() if text}
    errors = {
        part: say("review.date" if part == "as_of" else "review.value")
        for part, text in answers.items()
        if METADATA_PARSERS[part](text) is None
    }
    if errors:
        return review.page(people, wrong=errors, metadata=metadata)
    return review.start_reading("draft-front", answers={review.document_id: answers})


@router.post(DRAFT + "/ask")
def ask_model(review: ReviewDep) -> Response:
    """Start a job that asks the language model which titles are records, and reads the document
    again.

    Without a model, or if there is nothing to ask, there is no price, and the problem not-found is
    raised.
    """
    if not review.drafts.reader.question_price(review.reviewed):
        raise ProblemError("not-found")
    return review.start_reading("records asked", asks=True)


@router.post(DRAFT + "/relation")
def decide_relation(
    review: ReviewDep, other: Text, kind: Text, chosen: Chosen, before: Chosen
) -> Response:
    """Decide which of two documents counts, and start reading the document again.

    Raises the problem not-found if the draft does not have the other document.
    """
    if other not in review.draft.catalogue.documents:
        raise ProblemError("not-found")
    change = partial(decide, review.drafts, review.document_id, other, kind, chosen, before)
    return review.change_and_read(change, "relation-set")


@router.post(DRAFT + "/items")
def take_items(
    review: ReviewDep,
    places: Annotated[tuple[int, ...], Form()] = (),
    kind: Text = "",
    release: Text = "",  # names of the form's fields
) -> Response:
    """Make rows and sections of the document items, or undo this, and start reading again.

    `places` are the offsets of the rows and sections in the text, `kind` is the kind of the items.
    With `release` nothing is made: the item of this name (number and title) is removed. For a wrong
    kind, or if nothing begins at these offsets, a page says that nothing was made.
    """
    reader = review.drafts.reader
    if release:
        reader.remove_item(review.document_id, release)
        return review.start_reading("item-released")
    change = partial(reader.make_items, review.reviewed.parsed, places, kind)
    return review.change_and_read(change, "items-taken", "review.nothing_taken")


@router.post(DRAFT + "/fields")
def correct_record(review: ReviewDep, people: PeopleDep, typed: TypedDep) -> Response:
    """Store the fields that a person typed for a record of a draft as decisions.

    `typed["key"]` says which record. A form without a reason gets a general one, since each
    decision on a field needs one. If a field is invalid, the page of this record says
    what is wrong, with what was typed (422). With
    `typed["item"]` the page of the record is shown after storing too.
    """
    key = typed.get("key", "")
    item = review.draft.catalogue.item(review.document_id, key)
    if item is None:
        raise ProblemError("not-found")
    reasoned = {**typed, "reason": typed.get("reason") or say("review.edited")}
    try:
        people.correct(item, review.reviewed.document, reasoned, review.who)
    except InvalidDecision as error:
        return review.page(people, key=key, typed=typed, problem=str(error))
    path = draft_path(review.draft.name, review.document_id, typed.get("item", ""))
    return RedirectResponse(f"{path}#eintraege", 303)


@router.post(PUBLISH, dependencies=[FOR_PUBLISHERS])
def publish(
    drafts: DraftServiceDep,
    people: PeopleDep,
    who: WhoDep,
    name: Text,
    digest: Text,
    decided: Annotated[tuple[RowNumber, ...], Form()] = (),
    anyway: Annotated[bool, Form()] = False,
) -> Response:
    """Publish the draft that was reviewed, with the decisions in it, by their ids; an outdated
    draft is published only with `anyway`.

    `digest` is of the content that was reviewed: if the draft has other content now, it is not
    published.
    """

    def change() -> None:
        drafts.publish(name, digest, anyway=anyway)
        people.publish(decided)

    return _run_and_redirect("published", change, who, "publish", name)


@router.post(DROP)
def drop(drafts: DraftServiceDep, who: WhoDep, name: Text) -> Response:
    """Discard a draft."""
    return _run_and_redirect("dropped", partial(drafts.drop, name), who, "draft-drop", name)


@router.post(BACK, dependencies=[FOR_PUBLISHERS])
def roll_back(drafts: DraftServiceDep, who: WhoDep) -> Response:
    """Publish the previous edition again."""
    return _run_and_redirect("back", drafts.store.roll_back, who, "rollback")


def _run_and_redirect(
    done: str, change: Callable[[], str | None], who: Author, action: str, edition: str = ""
) -> Response:
    """Call `change`, which changes editions, and redirect to the uploads page with the message
    `done`.

    The change is written to the audit log as `action`, with the name `edition`; if that is "", with
    the name that `change` returns. If `change` raises StoreError, a page shows its message.
    """
    try:
        changed = change()
    except StoreError as error:
        return failure_page(str(error))
    who.note(action, edition or str(changed))
    return RedirectResponse(f"{PATH}?done={done}", 303)


def failure_page(sentence: str) -> HTMLResponse:
    """Return the page that says why nothing was changed (409)."""
    return plain_page("staff_draft_failed.html", "uploads", 409, sentence=sentence)
