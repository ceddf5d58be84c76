"""Random records and texts for property tests."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from vectorstore.records import Chunk, Conflict, Document, Field, Item, Page, ParsedDocument

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)
SHORT = st.text("abcäöüß ABC.,-1\n", max_size=20)
SLUGS = st.text("abcdefghij0123456789-", min_size=1, max_size=8)
WORDS = st.sampled_from((
    "Radweg", "Rad", "Weg", "Schule", "Schulbus", "Haus", "Häuser", "Klima", "Klimaschutz", "Kreis", "ÖPNV",
    "OZG", "5.5", "2023", "Straße", "Strasse", "gut",
))  # fmt: skip
PROSE = st.lists(WORDS, max_size=25).map(" ".join)
CONFLICTS = st.builds(Conflict, field=SHORT, text=SHORT, table=SHORT)


def _item(document_id: str, key: str, order: int) -> st.SearchStrategy[Item]:
    return st.builds(
        Item, document_id=st.just(document_id), key=st.just(key), order=st.just(order), title=PROSE, body=TEXTS,
        start=st.integers(0, 10**6), end=st.integers(0, 10**6), parent=st.none() | st.just(key + "up"),
        path=st.lists(SHORT, max_size=2).map(tuple), theme=..., goal=..., status=..., status_heading=...,
        fields=st.lists(st.builds(Field, label=SHORT, text=TEXTS), max_size=2).map(tuple),
        responsible=st.lists(SHORT, max_size=2).map(tuple), conflicts=st.lists(CONFLICTS, max_size=1).map(tuple),
        page=st.none() | st.integers(1, 500),
    )  # fmt: skip


@st.composite
def parsed_documents(draw: st.DrawFn, document_id: str | None = None) -> ParsedDocument:
    """A document with up to five items and a chunk of prose for some of them."""
    name = draw(SLUGS) if document_id is None else document_id
    keys = draw(st.lists(SLUGS, max_size=5, unique=True))
    pages = st.lists(
        st.builds(Page, start=st.integers(0, 99), number=st.integers(1, 9), label=SLUGS)
    ).map(tuple)
    days = st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1))
    document = draw(st.builds(Document, id=st.just(name), text=TEXTS, as_of=days, pages=pages))
    chunks = tuple(
        Chunk(
            id=f"{name}/{key}",
            document_id=name,
            key=key,
            text=draw(PROSE),
            context=draw(SHORT),
            start=0,
            end=9,
        )
        for key in keys
        if draw(st.booleans())
    )
    items = tuple(draw(_item(name, key, order)) for order, key in enumerate(keys))
    return ParsedDocument(document=document, items=items, chunks=chunks)


CORPORA = st.lists(SLUGS, max_size=3, unique=True).flatmap(
    lambda names: st.tuples(*(parsed_documents(document_id=name) for name in names))
)
