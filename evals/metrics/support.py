"""Which statements of an answer hold a number, date or name that nothing they cite holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evals.metrics.judging import Asked
from evals.metrics.said import Cited
from evals.metrics.statements import Statement, numbers, statements, unsupported

Lost = tuple[Statement, tuple[str, ...]]


def lost_statements(asked: Asked) -> list[Lost]:
    """The statements with what of them is unsupported.

    Support are the quotes and printed data of the citations that a statement names, titles of documents, dates of
    those cited, what the person said, and, in computed answers, totals and numbers of rows that are alike.
    """
    cited = {one.marker: one for one in asked.answer.citations}
    everywhere = [asked.case.question, *_documents(asked), *_computed(asked)]
    found = []
    for statement in statements(asked.answer.answer):
        own = [text for marker in statement.markers if marker in cited for text in _texts(cited[marker])]
        lost = unsupported(statement.text, [*everywhere, *own], asked.knowledge.names)
        if lost:
            found.append((statement, tuple(lost)))
    return found


def _texts(citation: Cited) -> Iterator[str]:
    yield from (citation.quote, citation.ref, citation.title)
    yield from (str(one) for one in (citation.page, citation.page_label) if one is not None)


def _documents(asked: Asked) -> Iterator[str]:
    yield from (one.title for one in asked.knowledge.documents.values())
    for one in asked.answer.citations:
        yield from (one.document_title, one.publisher)
        if one.as_of:
            yield from (f"{one.as_of:%d.%m.%Y}", f"{one.as_of.day} {one.as_of:%B %Y}")


def _computed(asked: Asked) -> Iterator[str]:
    data = asked.answer.data
    if data is None:
        return
    if data.total is not None:
        yield str(data.total)
    yield str(len(data.rows))
    for column in data.columns:
        yield from (str(number) for number in Counter(str(row.get(column)) for row in data.rows).values())
        yield from (text for row in data.rows for text in numbers(str(row.get(column))))
