"""Items that people add, with a passage of their own at a document's end, and records that they split in two."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from vectorstore.amending.form import Correction, Outcome, Part, State
from vectorstore.records import Chunk, Corrected, Document, Family, Item, ItemKind, Page, ParsedDocument

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


def _with(parsed: ParsedDocument, parts: dict[Part, Correction]) -> ParsedDocument:
    new, document, kind = parts[Part.ITEM], parsed.document, _kind(parsed, parts)
    family = _family(parsed, kind, new.key)
    heading = f"{new.key} {new.value}" if family is not None else new.value
    text = document.text.rstrip("\n") + "\n\n"
    start, end = len(text), len(text) + len(heading)
    page = _page(document, parts)
    item = Item(
        document_id=document.id,
        key=new.key,
        ref=new.key if family is not None else new.value,
        kind=kind,
        title=new.value,
        order=max((one.order for one in parsed.items), default=-1) + 1,
        heading=heading,
        body="",
        start=start,
        end=end,
        family=family,
        page=page.number if page else None,
        page_label=page.label if page else None,
        corrected=(Corrected(Part.ITEM.value, "", new.value, new.reason, new.day),),
    )
    name = f"{document.id}/{new.key}#1"
    chunk = Chunk(id=name, document_id=document.id, key=new.key, text=heading, context="", start=start, end=end)
    pages = (*document.pages, replace(page, start=start)) if page else document.pages
    families = counted(document.families, {family: 1})
    return ParsedDocument(
        document=replace(document, text=text + heading, pages=pages, families=families),
        items=(*parsed.items, item),
        chunks=(*parsed.chunks, chunk),
    )


def _kind(parsed: ParsedDocument, parts: dict[Part, Correction]) -> ItemKind:
    """The kind that is said, else the one that most records of the document have."""
    if Part.KIND in parts:
        return ItemKind(parts[Part.KIND].value)
    counts = Counter(item.kind for item in parsed.items if item.kind in _RECORDS)
    return max(_RECORDS, key=lambda kind: counts[kind])


def _family(parsed: ParsedDocument, kind: ItemKind, key: str) -> str | None:
    """The numbering that most items of this kind belong to, where the key looks like one of its numbers."""
    items = [item for item in parsed.items if item.kind is kind and item.family]
    labels = Counter(item.family for item in items)
    return labels.most_common(1)[0][0] if _shape(key) in {_shape(item.key) for item in items} else None


def _shape(key: str) -> str:
    shape = "".join("9" if char.isdigit() else char for char in key)
    while "99" in shape:
        shape = shape.replace("99", "9")
    return shape


def _page(document: Document, parts: dict[Part, Correction]) -> Page | None:
    """The page that is said, with its printed label; the last one where none is."""
    if not document.pages or Part.PAGE not in parts:
        return document.pages[-1] if document.pages else None
    number = int(parts[Part.PAGE].value)
    return next((page for page in document.pages if page.number == number), Page(0, number, str(number)))


def _divided(parsed: ParsedDocument, item: Item, one: Correction) -> ParsedDocument:
    document, said = parsed.document, one.instead_of
    place = document.text.index(said, item.start + len(item.heading))
    told = (Corrected(one.part.value, said, one.value, one.reason, one.day),)
    page, body = document.page_at(place), item.body.partition(said)
    description, state = (text and text.partition(said)[0].rstrip() for text in (item.description, item.state))
    first = replace(
        item,
        end=place,
        body=body[0].rstrip(),
        description=description,
        state=state,
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
    row = parsed.items.index(item)
    later = tuple(replace(other, order=other.order + 1) for other in parsed.items[row + 1 :])
    return ParsedDocument(
        document=replace(document, families=counted(document.families, {item.family: 1})),
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
    name = f"{second.document_id}/{second.key}#{chunk.id.rpartition('#')[2]}"
    yield replace(chunk, id=name, key=second.key, start=start, text=text[start : chunk.end])
