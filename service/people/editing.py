"""The fields of a record as somebody edits them in one form: as they are shown, and the corrections that this makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from pydantic import BaseModel

from prompts import reworded, say
from service.pages import labels
from service.people.decisions import Decision, Wrong, of_correction, wrong_in
from service.people.pages import as_kept, misread
from service.people.people import People, Who
from vectorstore.amending.applying import corrected
from vectorstore.amending.form import SEVERAL, SINGLE, Correction, Part
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, ParsedDocument

_ORDER = (
    Part.TITLE, Part.STATUS, Part.UNIT, Part.PARTNERS, Part.PERIOD, Part.DATE, Part.COST, Part.PRIORITY
)  # fmt: skip


class EditedFields(BaseModel):
    """What somebody typed of a record, None for what was not in the form; several values are on a line each."""

    title: str | None = None
    status: str | None = None
    unit: str | None = None
    partners: str | None = None
    date: str | None = None
    period: str | None = None
    cost: str | None = None
    priority: str | None = None


def shown_fields(item: Item) -> dict[Part, str]:
    """Return the fields of a record as the form shows them."""
    single = {part: str(getattr(item, name) or "") for part, name in SINGLE.items()}
    several = {Part.UNIT: "\n".join(item.responsible), Part.DATE: "\n".join(map(labels.shown_moment, item.dates))}
    return {part: (single | several)[part] for part in _ORDER}


def edit_fields(
    people: People, catalogue: Catalogue, document_id: str, key: str, typed: EditedFields, who: Who, *, confirmed: bool
) -> list[Decision]:
    """Keep what somebody typed as decisions, those that it replaces are taken back; raises Wrong, KeyError for no item.

    With `confirmed` a value that is as it was read is kept too: it settles what the document contradicts.
    """
    edited = {
        Part(name): text.replace("\r\n", "\n").strip() for name, text in typed.model_dump(exclude_none=True).items()
    }
    known = [one for one in people.decisions.fields() if one.items[0][0] == document_id]
    replaced = [one for one in known if one.items[0][1] == key and Part(one.part) in edited]
    others = [one.correction for one in known if one not in replaced]
    papers = [paper for paper in catalogue.parsed() if paper.document.id == document_id]
    as_read = {item.key: item for paper in corrected(papers, others)[0] for item in paper.items}[key]
    wanted = [
        Correction(document_id, key, part, new, old, say("review.edited"))
        for part, text in edited.items() for new, old in _changes(as_read, part, text, confirmed=confirmed)
    ]  # fmt: skip
    _check(papers, others, wanted)
    said = {(one.correction.place, one.value): one for one in replaced}
    new = [one for one in wanted if (one.place, one.value) not in said]
    for one in replaced:
        if (one.correction.place, one.value) not in {(one.place, one.value) for one in wanted}:
            people.undo(one.id, who)
    return [people.correct(of_correction(one), who) for one in new]


def _changes(read: Item, part: Part, text: str, *, confirmed: bool) -> Iterator[tuple[str, str]]:
    """Yield each new value of a field with the value that was read in its place, "" for none."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    new = [as_kept(part, line) for line in (lines if part in SEVERAL else [" ".join(lines)])]
    old = list(getattr(read, SEVERAL[part])) if part in SEVERAL else [str(getattr(read, SINGLE[part]) or "")]
    if new == old:
        yield from ((value, value) for value in new if confirmed and value)
        return
    added, gone = ([one for one in side if one not in other] for side, other in ((new, old), (old, new)))
    yield from ((after or "", before or "") for after, before in zip_longest(added, gone))


def _check(papers: Sequence[ParsedDocument], others: Sequence[Correction], wanted: Sequence[Correction]) -> None:
    """Raise Wrong where a correction has a wrong form or cannot be carried out."""
    problems = [misread(one) or " ".join(wrong_in(of_correction(one))) for one in wanted]
    if not any(problems):
        outcomes = corrected(papers, [*others, *wanted])[1]
        states, words = (
            [one.state for one in outcomes if one.correction in wanted and not one.applies],
            reworded("de/corrections"),
        )
        problems = [say("people.nothing_corrected", state=words[state], read="") for state in states]
    if any(problems):
        raise Wrong(" ".join(filter(None, dict.fromkeys(problems))))
