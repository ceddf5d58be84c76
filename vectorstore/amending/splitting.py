"""A record that is two: what stands from a passage on becomes a second one, of the title that people give it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from vectorstore.amending.adding import counted
from vectorstore.amending.form import Correction, Outcome, State
from vectorstore.records import Chunk, Corrected, Item, ParsedDocument

SECOND = "~2"  # behind the key of the first


def split(parsed: ParsedDocument, corrections: Sequence[Correction]) -> tuple[ParsedDocument, list[Outcome]]:
    """The document with records that corrections split, and what became of these corrections."""
    outcomes = []
    for one in corrections:
        item = next((item for item in parsed.items if item.key == one.key), None)
        state = _state(parsed, item, one)
        if state is State.APPLIED and item is not None:
            parsed = _with(parsed, item, one)
        outcomes.append(Outcome(one, state))
    return parsed, outcomes


def _state(parsed: ParsedDocument, item: Item | None, one: Correction) -> State:
    if item is None:
        return State.NO_ITEM
    if any(other.key == item.key + SECOND for other in parsed.items):
        return State.TAKEN
    times = parsed.document.text[item.start + len(item.heading) : item.end].count(one.instead_of)
    return State.APPLIED if times == 1 else State.AMBIGUOUS if times else State.READ_OTHERWISE


def _with(parsed: ParsedDocument, item: Item, one: Correction) -> ParsedDocument:
    document, said = parsed.document, one.instead_of
    place = document.text.index(said, item.start + len(item.heading))
    told = (Corrected(one.part.value, said, one.value, one.reason, one.day),)
    page, body = document.page_at(place), item.body.partition(said)
    before = [text.partition(said)[0].rstrip() if text else text for text in (item.description, item.state)]
    first = replace(
        item,
        end=place,
        body=body[0].rstrip(),
        description=before[0],
        state=before[1],
        fields=tuple(field for field in item.fields if field.start < place),
        values=tuple(value for value in item.values if value.start < place),
        corrected=(*item.corrected, *told),
    )
    second = Item(
        document_id=item.document_id,
        key=item.key + SECOND,
        ref=item.ref,
        kind=item.kind,
        title=one.value,
        order=item.order + 1,
        heading=said,
        body=body[2].strip() if body[1] else document.text[place + len(said) : item.end].strip(),
        start=place,
        end=item.end,
        parent=item.parent,
        path=item.path,
        theme=item.theme,
        goal=item.goal,
        fields=tuple(field for field in item.fields if field.start >= place),
        values=tuple(value for value in item.values if value.start >= place),
        family=item.family,
        page=page.number if page else None,
        page_label=page.label if page else None,
        corrected=told,
    )
    row = next(number for number, other in enumerate(parsed.items) if other.key == item.key)
    later = tuple(replace(other, order=other.order + 1) for other in parsed.items[row + 1 :])
    families = counted(document.families, Counter({item.family: 1}))
    return ParsedDocument(
        document=replace(document, families=families),
        items=(*parsed.items[:row], first, second, *later),
        chunks=tuple(piece for chunk in parsed.chunks for piece in _pieces(chunk, item, second, document.text)),
    )


def _pieces(chunk: Chunk, item: Item, second: Item, text: str) -> Iterator[Chunk]:
    """A passage as it is, the second record's, or divided between both."""
    if chunk.key != item.key or chunk.end <= second.start or chunk.start >= item.end:
        yield chunk
        return
    start = max(chunk.start, second.start)
    if chunk.start < start:
        yield replace(chunk, end=start, text=text[chunk.start : start])
    number = chunk.id.rpartition("#")[2]
    name = f"{second.document_id}/{second.key}#{number}"
    yield replace(chunk, id=name, key=second.key, start=start, text=text[start : chunk.end])
