"""The tool `changes`: what became of each record from an earlier paper to a later one of its series."""

from __future__ import annotations

from service.answering.query import ToolError, UnknownValue
from service.answering.tools.entries import pointer
from service.answering.tools.forms import ChangedRecord, ChangesArguments, ChangesReply
from service.answering.tools.holdings import paper
from service.changes.matching import compare, pairs
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document


def changed(catalogue: Catalogue, asked: ChangesArguments) -> ChangesReply:
    """What changed between two papers, superseded ones too; raises `ToolError` where there are no two."""
    before, after = _two(catalogue, asked)
    found = compare(catalogue, before, after)
    return ChangesReply(
        before=paper(catalogue, before),
        after=paper(catalogue, after),
        changes=tuple(
            ChangedRecord(
                kind=one.kind, before=pointer(one.old) if one.old else None, after=pointer(one.new) if one.new else None
            )
            for one in found.changes
        ),
        counts={kind: number for kind, number in found.counts.items() if number},
    )


def _two(catalogue: Catalogue, asked: ChangesArguments) -> tuple[Document, Document]:
    if bool(asked.series) == bool(asked.documents):
        raise ToolError("Entweder series oder zwei documents angeben.")
    if asked.documents:
        if len(asked.documents) < 2:
            raise ToolError("Zwei documents angeben, das frühere zuerst.")
        for one in asked.documents:
            if one not in catalogue.documents:
                raise UnknownValue("documents", one, tuple(catalogue.documents))
        return catalogue.documents[asked.documents[0]], catalogue.documents[asked.documents[1]]
    following = pairs(catalogue)
    found = [pair for pair in following if asked.series == pair[1].series]
    if not found:
        raise UnknownValue(
            "series", asked.series, tuple(dict.fromkeys(one.series for _, one in following if one.series))
        )
    return found[0]
