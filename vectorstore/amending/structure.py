"""Items that people add, with a passage of their own at a document's end, and records that they split in two."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from vectorstore.amending.form import Correction, Outcome, Part, State
from vectorstore.records import Chunk, Corrected, Family, Item, ItemKind, Page, ParsedDocument

ADDING = (Part.ITEM, Part.KIND, Part.PAGE)
SECOND = "~2"  # behind the key of the first of two
_RECORDS = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)


def added(parsed: ParsedDocument, corrections: Sequence[Correction]) -> tuple[ParsedDocument, list[Outcome]]:
    """The document with the items that corrections add at its end, and what became of these corrections."""
    by_key: dict[str, dict[Part, Correction]] = defaultdict(dict)
    for one in corrections:
        by_key[one.key][one.part] = one
    known, outcomes = {item.key: item.title for item in parsed.items}, []
    for key, parts in sorted(by_key.items()):
        state = State.APPLIED
        if Part.ITEM not in parts:
            state = State.NO_ITEM
        elif key in known:
            state = State.NEEDLESS if known[key] == parts[Part.ITEM].value else State.TAKEN
        else:
            parsed = _with(parsed, parts)
        outcomes += [Outcome(one, state) for one in parts.values()]
    return parsed, outcomes


def split(parsed: ParsedDocument, corrections: Sequence[Correction]) -> tuple[ParsedDocument, list[Outcome]]:
    """The document with records that corrections split, and what became of these corrections."""
    outcomes = []
    for one in corrections:
        items = {item.key: item for item in parsed.items}
        item, state = items.get(one.key), State.NO_ITEM
        if item is not None:
            own = parsed.document.text[item.start + len(item.heading) : item.end]
            times = own.count(one.instead_of) if one.instead_of else 0
            state = State.APPLIED if times == 1 else State.AMBIGUOUS if times else State.READ_OTHERWISE
            state = State.TAKEN if item.key + SECOND in items else state
            parsed = _divided(parsed, item, one) if state is State.APPLIED else parsed
        outcomes.append(Outcome(one, state))
    return parsed, outcomes


def counted(families: Sequence[Family], more: Mapping[str | None, int]) -> tuple[Family, ...]:
    """Families with so many records more or less, by their labels."""
    return tuple(_counted(one, more[one.label]) if one.label in more else one for one in families)


def _counted(family: Family, more: int) -> Family:
    found = family.found + more
    expected = None if family.expected is None else max(family.expected, found)
    complete = family.complete if expected is None or family.complete is None else found >= expected
    return replace(family, found=found, expected=expected, complete=complete)


def _with(parsed: ParsedDocument, parts: Mapping[Part, Correction]) -> ParsedDocument:
    """The document with an item of the kind that is said, else the one that most of its records have."""
    new, document = parts[Part.ITEM], parsed.document
    kinds = Counter(item.kind for item in parsed.items)
    kind = ItemKind(parts[Part.KIND].value) if Part.KIND in parts else max(_RECORDS, key=lambda one: kinds[one])
    alike = [one for one in parsed.items if one.kind is kind and one.family and _shape(one.key) == _shape(new.key)]
    heading = f"{new.key} {new.value}" if alike else new.value
    text = document.text.rstrip("\n") + "\n\n"
    place: dict[str, Any] = {
        "document_id": document.id,
        "key": new.key,
        "start": len(text),
        "end": len(text) + len(heading),
    }
    page = document.pages[-1] if document.pages else None
    if page and Part.PAGE in parts:
        number = int(parts[Part.PAGE].value)
        page = next((one for one in document.pages if one.number == number), Page(0, number, str(number)))
    item = Item(
        ref=new.key if alike else new.value,
        kind=kind,
        title=new.value,
        order=max((one.order for one in parsed.items), default=-1) + 1,
        heading=heading,
        body="",
        family=alike[0].family if alike else None,
        page=page.number if page else None,
        page_label=page.label if page else None,
        corrected=(Corrected(Part.ITEM.value, "", new.value, new.reason, new.day),),
        **place,
    )
    chunk = Chunk(id=f"{document.id}/{new.key}#1", text=heading, context="", **place)
    pages = (*document.pages, replace(page, start=len(text))) if page else document.pages
    families = counted(document.families, {item.family: 1})
    document = replace(document, text=text + heading, pages=pages, families=families)
    return ParsedDocument(document=document, items=(*parsed.items, item), chunks=(*parsed.chunks, chunk))


def _shape(key: str) -> str:
    """Equal for keys whose numbers alone differ."""
    shape = "".join("9" if char.isdigit() else char for char in key)
    while "99" in shape:
        shape = shape.replace("99", "9")
    return shape


def _divided(parsed: ParsedDocument, item: Item, one: Correction) -> ParsedDocument:
    """The document with a second record of the same number, which begins at a passage of the first."""
    document, said = parsed.document, one.instead_of
    place = document.text.index(said, item.start + len(item.heading))
    told = (Corrected(one.part.value, said, one.value, one.reason, one.day),)
    before, found, behind = item.body.partition(said)
    page = document.page_at(place)
    first = replace(
        item,
        end=place,
        body=before.rstrip(),
        description=item.description and item.description.partition(said)[0].rstrip(),
        state=item.state and item.state.partition(said)[0].rstrip(),
        fields=tuple(field for field in item.fields if field.start < place),
        values=tuple(value for value in item.values if value.start < place),
        corrected=(*item.corrected, *told),
    )
    shared = ("document_id", "ref", "kind", "order", "end", "parent", "path", "theme", "goal", "family")
    second = Item(
        key=item.key + SECOND,
        title=one.value,
        heading=said,
        body=behind.strip() if found else document.text[place + len(said) : item.end].strip(),
        start=place,
        fields=tuple(field for field in item.fields if field.start >= place),
        values=tuple(value for value in item.values if value.start >= place),
        page=page.number if page else None,
        page_label=page.label if page else None,
        corrected=told,
        **{name: getattr(item, name) for name in shared},
    )
    row = parsed.items.index(item)
    return ParsedDocument(
        document=replace(document, families=counted(document.families, {item.family: 1})),
        items=(*parsed.items[:row], first, second, *parsed.items[row + 1 :]),
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
    name = f"{second.document_id}/{second.key}#{chunk.id.rpartition('#')[2]}"
    yield replace(chunk, id=name, key=second.key, start=start, text=text[start : chunk.end])
