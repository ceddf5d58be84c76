"""Which items the answers of a conversation cited, as clients tell them or as their texts name
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.answering.corpus import Corpus
from service.answering.reading.refs import find_numbered_items
from service.records import Turn
from vectorstore.records import Item, ItemAddress, ItemKind


def cited_items(
    turns: Sequence[Turn], corpus: Corpus, documents: tuple[str, ...]
) -> Iterator[list[ItemAddress]]:
    """Yield the items that each answer cites, the newest answer first; answers without any are
    skipped.

    An answer without citations cites the records that its text names. Left out are items that the
    edition does not have and, unless `documents` is (), items of other documents. Title pages are
    left out if the answer cites anything else.
    """
    for turn in reversed(turns):
        if turn.role == "user":
            continue
        cited = turn.citations or _find_items(turn.content, corpus)
        known = [
            entry
            for entry in dict.fromkeys(cited)
            if entry in corpus.row_of_item and (not documents or entry[0] in documents)
        ]
        if known:
            yield [entry for entry in known if not _is_title_page(entry, corpus)] or known


def _is_title_page(entry: ItemAddress, corpus: Corpus) -> bool:
    page = corpus.title_page(entry[0])
    return page is not None and page.key == entry[1]


def _find_items(answer: str, corpus: Corpus) -> list[ItemAddress]:
    """The records that an answer names by title or number, in the order of its text.

    Sections are no records, and left out. Where several names begin at one place, the longest comes
    first.
    """
    by_number = find_numbered_items(answer, corpus, tuple(corpus.catalogue.documents)).items
    numbered = {(item.document_id, item.key) for item in by_number}
    located: list[tuple[int, int, ItemAddress]] = []  # of names that begin alike the longest first
    for item in corpus.catalogue.items:
        entry = item.document_id, item.key
        if item.kind is ItemKind.SECTION or not (item.title in answer or entry in numbered):
            continue
        name = _name_in(answer, item, is_numbered=entry in numbered)
        if name:
            located.append((name.start(), -len(name[0]), entry))
    return [entry for _, _, entry in sorted(located)]


def _name_in(answer: str, item: Item, *, is_numbered: bool) -> re.Match[str] | None:
    """The first place in an answer that names an item; None if there is none.

    An item is named by its number and title, by its title if that has several words or a citation
    marker follows, or by its number if the answer means an item by it (`is_numbered`). Names are
    whole words, and "1 Projekt" does not name the item "1".
    """
    number, title = re.escape(item.ref), re.escape(item.title)
    names = [f"{number} {title}", rf"{title}(?=(?: \([^()]*\))? \[\d)"]
    if " " in item.title:
        names.append(title)
    if is_numbered:
        names.append(number)
    return re.search(rf"(?<![\w.])(?:{'|'.join(names)})(?!\w)", answer)
