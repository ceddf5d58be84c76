"""/staff, /staff/topics: what covers a topic, by paper and theme, and which papers say nothing of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from prompts import say
from service.answering.tools.search import looked_up, says_it
from service.deps import HolderDep, ServedDep, in_lease
from service.models import MAX_QUESTION, LookupItem, LookupResult
from service.pages.labels import UNDECIDED, kinds_numbered, most_binding_first
from service.staff.addresses import CATALOGUE, STAFF, with_query
from service.staff.rendering import staff_page
from service.staff.roles import require_staff
from service.staff.taking.files import Form
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item, ItemKind, ItemStatus, RefTitle

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
EXAMPLES = 6
MOST_SHOWN = 500  # hits on a page; the rest is counted, and listed in the catalogue


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
    In the `silent` papers, all in force, nothing was found.
    """

    groups: list[DocumentGroup]
    silent: list[Document]
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
    in_force = most_binding_first(catalogue.in_force.documents.values())
    return Coverage(
        groups=list(groups.values()),
        silent=[one for one in in_force if one.id not in groups],
        total=len(result.items),
        direct=sum(any(map(says_it, one.why)) for one in result.items),
        undecided=sum(group.total for group in groups.values() if group.document.status in UNDECIDED),
        more=max(len(result.items) - MOST_SHOWN, 0),
        kinds=kinds_numbered(Counter(one.kind for one in result.items)),
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
def taken(q: str, form: Form | None = None) -> RedirectResponse:
    """Lead on to the list of the same records, which is taken away as a paragraph and as files."""
    return RedirectResponse(with_query(f"{CATALOGUE}.{form}" if form else f"{CATALOGUE}/text", topic=q), 301)


@router.get("/comparison")
@router.get("/comparison.{form}")
def compared(topic: str = "", form: Form | None = None) -> RedirectResponse:
    """Lead on from a comparison of earlier versions to what all papers say on its topic."""
    return RedirectResponse(
        with_query(f"{CATALOGUE}.{form}", topic=topic) if form else with_query(f"{STAFF}/topics", q=topic), 301
    )


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
