"""/staff, /staff/topics, /staff/comparison: what covers a topic, by paper and theme; and papers side by side on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from prompts import say
from service.answering.tools.lookups import covering, looked_up, says_it
from service.deps import HolderDep, ServedDep, SettingsDep, in_lease
from service.edition_holder import EditionHolder, Served
from service.models import MAX_QUESTION, LookupItem, LookupResult
from service.staff.addresses import CATALOGUE, STAFF, public_url, with_query
from service.staff.rendering import staff_page
from service.staff.roles import require_staff
from service.staff.taking.files import FORM_WORDS, Form, file_of
from service.staff.taking.selection import Selection, taken_of
from service.staff.words import UNDECIDED, kinds_counted, most_binding_first
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item, ItemKind, ItemStatus, RefTitle

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
EXAMPLES = 6
MOST_SHOWN = 500  # hits on a page; the rest is counted, and listed in the catalogue
Topic = Annotated[
    str, BeforeValidator(lambda said: " ".join(str(said).split())), Query(min_length=1, max_length=MAX_QUESTION)
]


@dataclass(frozen=True, slots=True)
class DocumentGroup:
    """The hits in one document under each theme (else heading), best first; `total` counts those not shown, too."""

    document: Document
    themes: dict[str, list[LookupItem]]
    total: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer to "which goal covers this", documents in the order of their best hit.

    Of the `total` hits `direct` name the topic, `undecided` stand in a paper that is not decided, `more` are not shown.
    """

    groups: list[DocumentGroup]
    total: int
    direct: int
    undecided: int
    more: int
    kinds: str
    statuses: dict[ItemStatus, int]


def coverage(result: LookupResult, catalogue: Catalogue) -> Coverage:
    """Group what was found by document and theme."""
    totals = Counter(one.document_id for one in result.items)
    groups = {one: DocumentGroup(catalogue.documents[one], {}, total) for one, total in totals.items()}
    for record in result.items[:MOST_SHOWN]:
        if item := catalogue.item(record.document_id, record.key):
            groups[item.document_id].themes.setdefault(_theme(item), []).append(record)
    statuses = Counter(one.status for one in result.items)
    return Coverage(
        groups=list(groups.values()),
        total=len(result.items),
        direct=sum(any(map(says_it, one.why)) for one in result.items),
        undecided=sum(group.total for group in groups.values() if group.document.status in UNDECIDED),
        more=max(len(result.items) - MOST_SHOWN, 0),
        kinds=kinds_counted(Counter(one.kind.value for one in result.items)),
        statuses={one: statuses[one] for one in ItemStatus if statuses[one]},
    )


@router.get("")
@router.get("/topics")
async def topics(request: Request, served: ServedDep, holder: HolderDep, q: str = "") -> HTMLResponse:
    """Show which goals and projects cover the topic `q`."""
    topic, catalogue = " ".join(q.split()), served.edition.catalogue
    too_long = len(topic) > MAX_QUESTION
    result = None
    if topic and not too_long:
        result = await in_lease(request, holder, lambda leased: looked_up(leased.answers.tools(), topic))
    return staff_page(
        "staff_topics.html",
        served,
        "topics",
        422 if too_long else 200,
        topic=topic,
        too_long=too_long,
        max_topic=MAX_QUESTION,
        result=result,
        coverage=coverage(result, catalogue) if result else None,
        examples=_examples(catalogue.in_force),
        documents=catalogue.documents,
    )


@router.get("/topics/text")
@router.get("/topics.{form}")
def taken(q: Topic, form: Form | None = None) -> RedirectResponse:
    """Lead on to the list of the same records, which is taken away as a paragraph and as files."""
    return RedirectResponse(with_query(f"{CATALOGUE}.{form}" if form else f"{CATALOGUE}/text", topic=q), 301)


def _examples(catalogue: Catalogue) -> list[str]:
    """Topics to try: the themes of the documents, else titles of their first goals."""
    themes = (RefTitle(one.ref, one.title) if one.kind is ItemKind.THEME else one.theme for one in catalogue.items)
    titles = dict.fromkeys(one.title for one in themes if one) or dict.fromkeys(one.title for one in catalogue.items)
    return list(titles)[:EXAMPLES]


def _theme(item: Item) -> str:
    found = item if item.kind is ItemKind.THEME else item.theme
    if found:
        return f"{found.ref} {found.title}".strip()
    return item.path[0] if item.path else say("staff.no_theme")


COMPARISON = f"{STAFF}/comparison"
MOST, BEST = 100, 3  # documents side by side, records of each
Choice = Annotated[str, StringConstraints(max_length=300)]


class ComparisonQuery(BaseModel):
    """The comparison's address; a publisher stands for its papers, nothing chosen for all that are in force."""

    topic: Annotated[str, StringConstraints(max_length=MAX_QUESTION)] = ""
    document: list[Choice] = Field(default_factory=list, max_length=MOST)
    publisher: list[Choice] = Field(default_factory=list, max_length=MOST)

    @property
    def words(self) -> str:
        """The topic without white space to spare."""
        return " ".join(self.topic.split())

    def address(self, ending: str = "") -> str:
        """Return this comparison's address, or that of one of its files."""
        return with_query(COMPARISON + ending, topic=self.words, document=self.document, publisher=self.publisher)

    def chosen(self, catalogue: Catalogue) -> list[Document]:
        """Return the papers to compare; of what was chosen only what is there."""
        in_force = most_binding_first(catalogue.in_force.documents.values())
        named = [catalogue.documents[one] for one in self.document if one in catalogue.documents]
        named += [one for one in in_force if one.publisher in self.publisher and one not in named]
        return (named if self.document or self.publisher else in_force)[:MOST]


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
    return staff_page(
        "staff_comparison.html",
        served,
        "comparison",
        query=query,
        sides=await _compared(request, holder, query) if query.words else [],
        gone=len([one for one in query.document if one not in catalogue.documents]),
        documents=most_binding_first(catalogue.in_force.documents.values()),
        forms=FORM_WORDS,
        silent_words=say("staff.silent"),
    )


@router.get("/comparison.{form}")
async def comparison_file(
    form: Form,
    request: Request,
    query: Annotated[ComparisonQuery, Query()],
    served: ServedDep,
    holder: HolderDep,
    settings: SettingsDep,
) -> Response:
    """Send the comparison as a file; raises the problem invalid-input where there is no topic."""
    if not query.words:
        raise RequestValidationError([{"type": "missing", "loc": ("query", "topic")}])
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
        return [Side(one, records[:BEST], max(0, len(records) - BEST)) for one, records in found]

    return await in_lease(request, holder, look_up)
