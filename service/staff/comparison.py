"""/staff/comparison: a topic in several documents, each with its best records and their wording, or with nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field, StringConstraints

from prompts import say
from service.answering.tools.lookups import covering
from service.deps import HolderDep, ServedDep, SettingsDep, in_lease
from service.edition_holder import EditionHolder, Served
from service.models import MAX_QUESTION, LookupItem
from service.staff.addresses import STAFF, public_url, with_query
from service.staff.rendering import staff_page
from service.staff.roles import require_staff
from service.staff.taking.files import FORM_WORDS, Form, file_of
from service.staff.taking.selection import Selection, taken_of
from service.staff.words import most_binding_first
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
PATH = f"{STAFF}/comparison"
MOST, SHOWN = 100, 3  # documents side by side, records of each
Choice = Annotated[str, StringConstraints(max_length=300)]


class ComparisonQuery(BaseModel):
    """The comparison's address; documents and all those of publishers, nothing chosen means all that are in force."""

    topic: Annotated[str, StringConstraints(max_length=MAX_QUESTION)] = ""
    document: list[Choice] = Field(default_factory=list, max_length=MOST)
    publisher: list[Choice] = Field(default_factory=list, max_length=MOST)

    @property
    def words(self) -> str:
        """The topic without white space to spare."""
        return " ".join(self.topic.split())

    def address(self, ending: str = "") -> str:
        """Return this comparison's address, or that of one of its files."""
        return with_query(PATH + ending, topic=self.words, document=self.document, publisher=self.publisher)

    def chosen(self, catalogue: Catalogue) -> list[Document]:
        """Return the documents to compare; of what was chosen only what is there."""
        in_force = most_binding_first(catalogue.in_force.documents.values())
        named = [catalogue.documents[one] for one in self.document if one in catalogue.documents]
        found = [*named, *(one for one in in_force if one.publisher in self.publisher)]
        anything = bool(self.document or self.publisher)
        return list({one.id: one for one in (found if anything else in_force)}.values())[:MOST]


class FileQuery(ComparisonQuery):
    """The same with a topic, which a file needs."""

    topic: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)]


@dataclass(frozen=True, slots=True)
class Side:
    """One document: its best records and how many more there are; none where it says nothing."""

    document: Document
    records: list[LookupItem]
    more: int


@router.get("/comparison")
async def comparison(
    request: Request, query: Annotated[ComparisonQuery, Query()], served: ServedDep, holder: HolderDep
) -> HTMLResponse:
    """Show what the chosen documents say on a topic, and the form to choose them."""
    catalogue = served.edition.catalogue
    documents = most_binding_first(catalogue.in_force.documents.values())
    return staff_page(
        "staff_comparison.html",
        served,
        "comparison",
        query=query,
        sides=await _compared(request, holder, query) if query.words else [],
        gone=len([one for one in query.document if one not in catalogue.documents]),
        documents=documents,
        publishers=sorted({one.publisher for one in documents if one.publisher}),
        forms=FORM_WORDS,
        silent_words=say("staff.silent"),
    )


@router.get("/comparison.{form}")
async def comparison_file(
    form: Form,
    request: Request,
    query: Annotated[FileQuery, Query()],
    served: ServedDep,
    holder: HolderDep,
    settings: SettingsDep,
) -> Response:
    """Send the comparison as a file."""
    sides = await _compared(request, holder, query)
    selection = Selection(
        heading=say("staff.comparison_heading", topic=query.words),
        origin=say("staff.comparison_origin", topic=query.words),
        address=query.address(),
        topic=query.words,
        taken=taken_of((record for side in sides for record in side.records), served.edition.catalogue),
        edition=served.edition.name,
        base=public_url(request, settings),
        silent=tuple(one.document.title for one in sides if not one.records),
        best_only=any(side.more for side in sides),
    )
    return file_of(selection, form, "vergleich")


async def _compared(request: Request, holder: EditionHolder, query: ComparisonQuery) -> list[Side]:
    """Look the topic up in each document; records are those of the topic's page, passages verbatim."""

    def look_up(served: Served) -> list[Side]:
        documents = query.chosen(served.edition.catalogue)
        tools = served.answers.tools([one.id for one in documents])
        found = [(one, covering(tools, query.words, (one.id,))) for one in documents]
        return [Side(one, records[:SHOWN], max(0, len(records) - SHOWN)) for one, records in found]

    return await in_lease(request, holder, look_up)
