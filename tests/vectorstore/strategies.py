"""Random records and texts for property tests."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from vectorstore.records import (
    Chunk,
    Conflict,
    Document,
    DocumentKind,
    DocumentStatus,
    Field,
    Item,
    ItemKind,
    ItemStatus,
    Page,
    ParsedDocument,
    RefTitle,
)

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)
SHORT = st.text("abcäöüß ABC.,-1\n", max_size=20)
SLUGS = st.text("abcdefghij0123456789-", min_size=1, max_size=8)
WORDS = st.sampled_from((
    "Radweg", "Rad", "Weg", "Schule", "Schulbus", "Haus", "Häuser", "Klima", "Klimaschutz", "Kreis", "ÖPNV",
    "OZG", "5.5", "2023", "Straße", "Strasse", "gut",
))  # fmt: skip
PROSE = st.lists(WORDS, max_size=25).map(" ".join)
POINTERS = st.none() | st.builds(RefTitle, ref=SHORT, title=SHORT)


def _items(document_id: str, keys: list[str]) -> st.SearchStrategy[tuple[Item, ...]]:
    return st.tuples(*(_item(document_id, key, order) for order, key in enumerate(keys)))


def _item(document_id: str, key: str, order: int) -> st.SearchStrategy[Item]:
    return st.builds(
        Item,
        document_id=st.just(document_id),
        key=st.just(key),
        ref=SHORT,
        kind=st.sampled_from(ItemKind),
        title=PROSE,
        order=st.just(order),
        heading=SHORT,
        body=TEXTS,
        start=st.integers(0, 10**6),
        end=st.integers(0, 10**6),
        parent=st.none() | st.just(key + "up"),
        path=st.lists(SHORT, max_size=2).map(tuple),
        theme=POINTERS,
        goal=POINTERS,
        status=st.none() | st.sampled_from(ItemStatus),
        status_heading=st.none() | SHORT,
        fields=st.lists(st.builds(Field, label=SHORT, text=TEXTS), max_size=2).map(tuple),
        responsible=st.lists(SHORT, max_size=2).map(tuple),
        conflicts=st.lists(st.builds(Conflict, field=SHORT, text=SHORT, table=SHORT), max_size=1).map(tuple),
        page=st.none() | st.integers(1, 500),
    )


@st.composite
def parsed_documents(draw: st.DrawFn, document_id: str | None = None) -> ParsedDocument:
    """A document with up to five items and a chunk of prose for some of them."""
    name = draw(SLUGS) if document_id is None else document_id
    keys = draw(st.lists(SLUGS, max_size=5, unique=True))
    document = draw(
        st.builds(
            Document,
            id=st.just(name),
            title=SHORT,
            publisher=SHORT,
            kind=st.sampled_from(DocumentKind),
            status=st.sampled_from(DocumentStatus),
            digest=SLUGS,
            file_name=SLUGS,
            text=TEXTS,
            as_of=st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)),
            pages=st.lists(st.builds(Page, start=st.integers(0, 99), number=st.integers(1, 9), label=SLUGS)).map(tuple),
        )
    )
    chunks = tuple(
        Chunk(id=f"{name}/{key}", document_id=name, key=key, text=draw(PROSE), context=draw(SHORT), start=0, end=9)
        for key in keys
        if draw(st.booleans())
    )
    return ParsedDocument(document=document, items=draw(_items(name, keys)), chunks=chunks)


CORPORA = st.lists(SLUGS, max_size=3, unique=True).flatmap(
    lambda names: st.tuples(*(parsed_documents(document_id=name) for name in names))
)
