"""Items that the reader did not find and people add: with a title, a page, a kind, and a passage of their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from vectorstore.amending.form import Correction, Outcome, Part, State
from vectorstore.records import Chunk, Corrected, Document, Family, Item, ItemKind, Page, ParsedDocument

_RECORDS = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)


def added(parsed: ParsedDocument, corrections: Sequence[Correction]) -> tuple[ParsedDocument, list[Outcome]]:
    """The document with the items that corrections add at its end, and what became of these corrections."""
    by_key: dict[str, dict[Part, Correction]] = defaultdict(dict)
    for one in corrections:
        by_key[one.key][one.part] = one
    known, outcomes = {item.key: item for item in parsed.items}, []
    for key, parts in sorted(by_key.items()):
        new = parts.get(Part.ITEM)
        if new is None:
            outcomes += [Outcome(one, State.NO_ITEM) for one in parts.values()]
        elif key in known:
            same = known[key].title == new.value
            outcomes += [Outcome(one, State.NEEDLESS if same else State.TAKEN) for one in parts.values()]
        else:
            parsed = _with(parsed, new, parts)
            outcomes += [Outcome(one, State.APPLIED) for one in parts.values()]
    return parsed, outcomes


def _with(parsed: ParsedDocument, new: Correction, parts: dict[Part, Correction]) -> ParsedDocument:
    document, kind = parsed.document, _kind(parsed, parts)
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
    chunk = Chunk(
        id=f"{document.id}/{new.key}#1",
        document_id=document.id,
        key=new.key,
        text=heading,
        context="",
        start=start,
        end=end,
    )
    pages = (*document.pages, replace(page, start=start)) if page else document.pages
    families = counted(document.families, Counter({family: 1}))
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
    labels = Counter(item.family for item in parsed.items if item.kind is kind and item.family)
    shapes = {_shape(item.key) for item in parsed.items if item.kind is kind and item.family}
    return labels.most_common(1)[0][0] if labels and _shape(key) in shapes else None


def _shape(key: str) -> str:
    shape = "".join("9" if char.isdigit() else char for char in key)
    while "99" in shape:
        shape = shape.replace("99", "9")
    return shape


def counted(families: Sequence[Family], more: Mapping[str | None, int]) -> tuple[Family, ...]:
    """Families with so many records more or less, by their labels."""
    return tuple(_counted(one, more[one.label]) if one.label in more else one for one in families)


def _counted(family: Family, more: int) -> Family:
    found = family.found + more
    expected = None if family.expected is None else max(family.expected, found)
    complete = family.complete if expected is None or family.complete is None else found >= expected
    return replace(family, found=found, expected=expected, complete=complete)


def _page(document: Document, parts: dict[Part, Correction]) -> Page | None:
    """The page that is said, with its printed label; the last one where none is."""
    if not document.pages:
        return None
    if Part.PAGE not in parts:
        return document.pages[-1]
    number = int(parts[Part.PAGE].value)
    known = next((page for page in document.pages if page.number == number), None)
    return known or Page(0, number, str(number))
