"""Staff pages for drafts: review a document, correct it, publish or discard the draft, roll
back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from prompts import say
from service.office.metadata_input import READ
from service.office.staff.people_pages import PeopleDep, TypedDep, WhoDep, record_form, unfit_states
from service.office.staff.record_questions import answers, decided_looks, record_questions
from service.office.staff.relations import Chosen, decide, relations_of
from service.office.staff.roles import FOR_EDITORS, FOR_PUBLISHERS, EditorDep, StaffPerson
from service.office.staff.uploads import PATH, DraftServiceDep, job_path, upload_page
from service.office.uploads.draft_service import DraftService, ReviewedDraft
from service.office.uploads.requests import ReadingRequest
from service.office.uploads.reviewed_document import (
    ITEM_KINDS_TO_CHOOSE,
    ReviewedDocument,
    doubt_sentences,
    doubtful_fields,
    unresolvable_conflicts,
    verdicts,
)
from service.people.decisions import Decision, InvalidDecision, corrections_of
from service.people.people_store import Author, PeopleStore
from service.records import labels
from service.records.changes import change_rows, count_records
from service.records.problems import ProblemError
from service.settings import Role
from service.typed_text import MAX_QUOTE, Quote
from service.web.deps import RendererDep
from service.web.http.addresses import with_query
from service.web.pictures.requests import PictureRequest
from service.web.routes.originals import picture_response
from vectorstore.errors import NotPublishable, StoreError
from vectorstore.records import BY_STAFF, Document, Item, ProposedRecord
from vectorstore.text_forms import collapse_spaces

router = APIRouter(prefix=PATH, dependencies=[FOR_EDITORS], include_in_schema=False)
WIDTH = 640  # of a page's picture in pixels, so that its print is legible
DRAFT, PUBLISH, DROP, BACK = "/drafts/{name}", "/publish", "/drop", "/rollback"
SLOW, SLOW_SECONDS = tuple(f"{PATH}{path}" for path in (PUBLISH, DROP, BACK)), 120.0
Text = Annotated[str, Form()]


def draft_of(name: str, drafts: DraftServiceDep, people: PeopleDep) -> ReviewedDraft:
    """Return the draft of a name with corrections applied; raises the problem no-draft."""
    decisions = people.decisions
    try:
        return drafts.draft(name, corrections_of(decisions.on_fields(), decisions.today()))
    except NotPublishable:
        raise ProblemError("no-draft") from None


DraftDep = Annotated[ReviewedDraft, Depends(draft_of)]


def find_document(draft: DraftDep, document: Text) -> ReviewedDocument:
    """Return the document of a draft that a form is about; raises the problem not-found."""
    # No document has the id "-", and "" would be the first one.
    return draft.document(document or "-")


ReviewedDep = Annotated[ReviewedDocument, Depends(find_document)]


def draft_path(name: str, document_id: str = "") -> str:
    """Return the address of a draft, or of one of its documents."""
    path = f"{PATH}/drafts/{quote(name, safe='')}"
    return with_query(path, document=document_id)


@router.get(DRAFT)
def show_draft(
    draft: DraftDep,
    person: EditorDep,
    drafts: DraftServiceDep,
    people: PeopleDep,
    document: str = "",
) -> HTMLResponse:
    """Show everything that people decide on before a draft is published, one document at a time."""
    chosen = draft.document(document) if draft.documents else None
    return _draft_page(drafts, people, draft, person, chosen)


@router.get(DRAFT + "/pages/{document_id}/{n}.png")
async def send_picture(
    name: str,
    document_id: str,
    n: Annotated[int, Path(ge=1, le=100_000)],
    request: Request,
    drafts: DraftServiceDep,
    renderer: RendererDep,
    quoted: Annotated[Quote, Query(alias="quote")] = "",
) -> Response:
    """Send a picture of a page of a draft's document, with the heading of the record marked."""
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
def confirm_metadata(
    draft: DraftDep,
    reviewed: ReviewedDep,
    person: EditorDep,
    drafts: DraftServiceDep,
    people: PeopleDep,
    who: WhoDep,
    typed: TypedDep,
) -> Response:
    """Store the metadata that a person confirmed or corrected, and start reading the document
    again.

    If a value is invalid, nothing is started and the page says what is wrong (422).
    """
    metadata = {part: collapse_spaces(typed.get(part, "")) for part in labels.METADATA_PARTS}
    invalid = [part for part, text in metadata.items() if text and READ[part](text) is None]
    errors = dict.fromkeys(invalid, say("review.value"))
    if "as_of" in errors:
        errors["as_of"] = say("review.date")
    if errors:
        return _draft_page(drafts, people, draft, person, reviewed, errors, metadata)
    answers = {part: text for part, text in metadata.items() if text}
    return start_reading(
        drafts, draft, reviewed, who, "draft-front", answers={reviewed.document.id: answers}
    )


@router.post(DRAFT + "/model")
def read_by_model(
    draft: DraftDep,
    reviewed: ReviewedDep,
    drafts: DraftServiceDep,
    who: WhoDep,
    questions: Annotated[bool, Form()] = False,
) -> Response:
    """Start a job that reads a document by the language model; with `questions` the model also
    writes questions.

    Without a model it raises the problem not-found.
    """
    if not drafts.reader.price(reviewed):
        raise ProblemError("not-found")
    return start_reading(
        drafts, draft, reviewed, who, "papers read", model=True, questions=questions
    )


@router.post(DRAFT + "/ask")
def ask_model(
    draft: DraftDep, reviewed: ReviewedDep, drafts: DraftServiceDep, who: WhoDep
) -> Response:
    """Start a job that asks the language model which titles are records, and reads the document
    again.

    Raises the problem not-found without a model, or if there is nothing to ask.
    """
    if not drafts.reader.question_price(reviewed):
        raise ProblemError("not-found")
    return start_reading(drafts, draft, reviewed, who, "records asked", asks=True)


@router.post(DRAFT + "/relation")
def decide_relation(
    draft: DraftDep,
    reviewed: ReviewedDep,
    drafts: DraftServiceDep,
    who: WhoDep,
    other: Text,
    kind: Text,
    chosen: Chosen,
    before: Chosen,
) -> Response:
    """Decide which of two documents counts, and start reading the document again."""
    change = partial(decide, drafts, reviewed.document.id, other, kind, chosen, before)
    return change_and_read(change, drafts, draft, reviewed, who, "relation-set")


@router.post(DRAFT + "/items")
def take_items(
    draft: DraftDep,
    reviewed: ReviewedDep,
    drafts: DraftServiceDep,
    who: WhoDep,
    places: Annotated[tuple[int, ...], Form()] = (),
    kind: Text = "",
    release: Text = "",  # names of the form's fields
) -> Response:
    """Make rows and sections of the document items, or undo this, and start reading again.

    `places` are the offsets of the rows and sections in the text, `kind` is the kind of the items.
    With `release` nothing is made: the item of this name is removed.
    """
    if release:
        drafts.reader.remove_item(reviewed.document.id, release)
        return start_reading(drafts, draft, reviewed, who, "item-released")
    change = partial(drafts.reader.make_items, reviewed.parsed, places, kind)
    problem = "review.nothing_taken"
    return change_and_read(change, drafts, draft, reviewed, who, "items-taken", problem)


@router.post(DRAFT + "/fields")
def correct_record(
    draft: DraftDep, reviewed: ReviewedDep, people: PeopleDep, who: WhoDep, typed: TypedDep
) -> Response:
    """Store the fields that a person typed for a record of a draft as decisions.

    `typed["key"]` says which record. If a field is invalid, a page says what is wrong.
    """
    item = next((item for item in reviewed.parsed.items if item.key == typed.get("key")), None)
    if item is None:
        raise ProblemError("not-found")
    try:
        people.correct(item, reviewed.document, {"reason": say("review.edited"), **typed}, who)
    except InvalidDecision as error:
        return failure_page(str(error))
    return RedirectResponse(f"{draft_path(draft.name, reviewed.document.id)}#eintraege", 303)


@router.post(PUBLISH, dependencies=[FOR_PUBLISHERS])
def publish(
    drafts: DraftServiceDep,
    who: WhoDep,
    name: Text,
    digest: Text,
    anyway: Annotated[bool, Form()] = False,
) -> Response:
    """Publish the draft that was reviewed; an outdated draft is published only with `anyway`.

    `digest` is of the content that was reviewed: if the draft has other content now, it is not
    published.
    """
    return _run_and_redirect(
        "published", partial(drafts.publish, name, digest, anyway=anyway), who, "publish", name
    )


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


def _draft_page(
    drafts: DraftService,
    people: PeopleStore,
    draft: ReviewedDraft,
    person: StaffPerson,
    document: ReviewedDocument | None,
    wrong: Mapping[str, str] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Render the page of a draft, with one of its documents or with none.

    After an invalid input, `metadata` are the values that were typed and `wrong` are the messages
    on them, both by field (422).
    """
    values: dict[str, object] = {}
    others = []
    if len(draft.documents) > 1:
        others = [(other, verdicts(other)) for other in draft.documents]
    if document is not None:
        metadata = metadata or _metadata_values(document.document)
        values = _document_values(drafts, people, draft, document, metadata)
    return upload_page(
        "staff_draft.html",
        422 if wrong else 200,
        draft=draft,
        path=draft_path(draft.name),
        reviewed=document,
        others=others,
        rejected=[file for file in draft.report.get("files", ()) if file["state"] == "rejected"],
        can_publish=person.role >= Role.PUBLISHER,
        open_before=list(filter(None, (_open_points(drafts, each) for each in draft.documents))),
        wrong=wrong or {},
        **values,
    )


def _document_values(
    drafts: DraftService,
    people: PeopleStore,
    draft: ReviewedDraft,
    reviewed: ReviewedDocument,
    metadata: Mapping[str, str],
) -> dict[str, object]:
    """Return the template values of one document of a draft; `metadata` fill its form."""
    document = reviewed.document
    changes = [
        change
        for change in draft.diff
        if reviewed.before is not None and change.state.id == document.id
    ]
    decisions = people.decisions.on_fields(document.id)
    rows = [_record_row(draft.name, reviewed, item, decisions) for item in reviewed.shown_items]
    keys = {item.key for item in reviewed.shown_items}
    looks = drafts.reader.looks(document.id)

    def picture(record: ProposedRecord) -> str:
        return draft_picture(draft.name, reviewed, record.page, record.title)

    return {
        "record_questions": list(record_questions(document, looks, picture)),
        "decided_looks": list(decided_looks(looks, reviewed.parsed.items)),
        "answers": answers(),
        "verdicts": verdicts(reviewed),
        "related": list(
            relations_of(document, draft.catalogue.documents, drafts.reader.relations())
        ),
        "taken_kinds": ITEM_KINDS_TO_CHOOSE,
        "front": metadata,
        "doubts": list(doubt_sentences(reviewed, count_records(changes)["gone"])),
        "question_price": drafts.reader.question_price(reviewed),
        "price": drafts.reader.price(reviewed),
        "rows": rows,
        "asked": [(row, question) for row in rows for question in row["questions"]],
        "unsure": [labels.METADATA_PARTS[part] for part in document.unconfirmed],
        "taken": [(name, _taken_sentence(reviewed, name)) for name in reviewed.taken],
        "missed": {kind: _group_by_page(rows) for kind, rows in reviewed.missed.items()},
        "changed": [cells for _, *cells in change_rows(changes)],  # without the document's id
        "decided": [
            decision for decision in decisions if decision.items[0][1] not in keys
        ],  # on records not shown
        "unfit": unfit_states(decisions, draft.catalogue),
        "names": {item.key: f"{item.ref} {item.title}" for item in reviewed.parsed.items},
        "told": next(
            (job.message for job in drafts.jobs.all() if job.edition == draft.name and job.message),
            "",
        ),
    }


def _open_points(drafts: DraftService, reviewed: ReviewedDocument) -> str:
    """Return a sentence on what people did not decide in a document yet, "" if they decided
    everything.

    Open are metadata that nobody confirmed, and questions that nobody answered.
    """
    document = reviewed.document
    looks = drafts.reader.looks(reviewed.document.id)
    asked = len(list(record_questions(document, looks, lambda _record: "")))
    asked += sum(len(doubtful_fields(item)) for item in reviewed.shown_items)
    open_points = []
    if document.unconfirmed:
        parts = ", ".join(labels.METADATA_PARTS[part] for part in document.unconfirmed)
        open_points.append(say("review.open_parts", parts=parts))
    if asked:
        nouns = say("review.open_question"), say("review.open_questions")
        open_points.append(labels.format_with_noun(asked, *nouns))
    if not open_points:
        return ""
    return say("review.open_before", title=document.title, what="; ".join(open_points))


def _metadata_values(document: Document) -> dict[str, str]:
    as_of = labels.format_date(document.as_of) if document.as_of else ""
    metadata = {
        "title": document.title,
        "publisher": document.publisher,
        "kind": str(document.kind),
        "as_of": as_of,
    }
    return {**metadata, "status": str(document.status or "")}


def _record_row(
    name: str, document: ReviewedDocument, item: Item, decisions: Sequence[Decision]
) -> dict[str, Any]:
    """Return the values of a record for the template.

    Among them are the picture of its page ("" if there is none), the fields in doubt, and its form.
    """
    return {
        "item": item,
        "picture": draft_picture(name, document, item.page, item.heading),
        "is_taken": item.read_by == BY_STAFF,
        "decided": [decision for decision in decisions if decision.items[0][1] == item.key],
        "questions": doubtful_fields(item),
        "conflicts": unresolvable_conflicts(item),
        "form": record_form(document.document, item),
    }


def draft_picture(name: str, document: ReviewedDocument, page: int | None, quoted: str) -> str:
    """Return the address of a picture of a page with a quote marked, "" where it has none."""
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
    """Return the sentence that people made an item of the row or section `name`.

    It says so if the last reading did not find the row or section any more.
    """
    is_found = any(
        name in (record.title, f"{record.ref} {record.title}") for record in document.records
    )
    return say("review.taken" if is_found else "review.taken_gone", name=name)


def change_and_read(
    change: Callable[[], None],
    drafts: DraftService,
    draft: ReviewedDraft,
    document: ReviewedDocument,
    who: Author,
    action: str,
    problem: str = "review.decided_meanwhile",
) -> Response:
    """Change how a document of a draft is read, and start reading it again.

    If `change` raises ValueError, nothing is started, and a page shows the sentence `problem`.
    """
    try:
        change()
    except ValueError:
        return failure_page(say(problem))
    return start_reading(drafts, draft, document, who, action)


def start_reading(
    drafts: DraftService,
    draft: ReviewedDraft,
    document: ReviewedDocument,
    who: Author,
    action: str,
    **options: Any,
) -> Response:
    """Start a job that reads a document of a draft again, and redirect to the page of the job.

    `options` are further fields of ReadingRequest.
    """
    document_id = document.document.id
    request = ReadingRequest(who.person, base=draft.name, only=(document_id,), **options)
    job = drafts.jobs.start(drafts.jobs.make_folder(), request)
    who.note(action, f"{draft.name} {document_id}")
    return RedirectResponse(job_path(job), 303)


def failure_page(sentence: str) -> HTMLResponse:
    """Return the page that says why nothing was changed (409)."""
    return upload_page("staff_draft_failed.html", 409, sentence=sentence)
