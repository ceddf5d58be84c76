"""The tool `changes`: what became of each record from one document to a later one."""

from __future__ import annotations

from prompts import say
from service.answering.query import ToolError, require_known
from service.answering.tools.documents import summarize_document
from service.answering.tools.schemas import ChangesArguments, ChangesReply
from service.records import compare_records, document_pairs, group_by_kind
from vectorstore.records import Catalogue


def compare_documents(catalogue: Catalogue, arguments: ChangesArguments) -> ChangesReply:
    """The changes of records between two documents: the two latest of a series, or two named ones,
    the earlier first.

    Either a series or documents must be given, not both. Raises ToolError if not, and for an
    unknown one.
    """
    # the latest pair of a series comes last and overwrites the earlier ones
    pairs = reversed(document_pairs(catalogue))
    latest = {after.series: (before, after) for before, after in pairs if after.series}
    if bool(arguments.series) == bool(arguments.documents):
        raise ToolError(say("filters.changes_of", series=", ".join(latest) or "–"))
    if len(arguments.documents) == 1:
        raise ToolError("Zwei documents angeben, das frühere zuerst.")
    for document in arguments.documents:
        require_known("documents", document, catalogue.documents)
    if arguments.series:
        require_known("series", arguments.series, latest)
    before, after = latest.get(arguments.series) or [
        catalogue.documents[given] for given in arguments.documents
    ]
    changes = compare_records(catalogue, before, after)
    return ChangesReply.model_validate(
        {
            "before": summarize_document(catalogue, before),
            "after": summarize_document(catalogue, after),
            "changes": changes,
            "counts": {kind: len(group) for kind, group in group_by_kind(changes).items()},
        },
        from_attributes=True,
    )
