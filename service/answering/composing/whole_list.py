"""Answers of more records than are told: as many as may be, and the address under which all are listed."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from service.answer_data import MOST_ROWS, AnswerData
from service.answering.composing.selection import select
from service.answering.context import Context
from service.answering.draft import Draft


def cut(context: Context, draft: Draft) -> Draft:
    """The draft with no more rows than may be."""
    data, most = draft.data, MOST_ROWS
    if data is None or len(data.rows) <= most:
        return draft
    update = {"rows": data.rows[:most], "truncated": True, "url": _address(context, data)}
    return replace(draft, data=data.model_copy(update=update), row_proofs=draft.row_proofs[:most])


def _address(context: Context, data: AnswerData) -> str:
    """Where the records asked for are listed, by the conditions of which a list knows one."""
    filters = context.query.filters
    conditions = {
        "kind": [str(kind) for kind in select(context).kinds],
        "document": {str(row["document_id"]) for row in data.rows if "document_id" in row},
        "status": [str(one) for one in filters.statuses],
        "theme": [one.ref for key in filters.themes if (one := context.corpus.catalogue.item(*key))],
        "unit": filters.units,
        "municipality": filters.municipalities,
        "topic": [" ".join(one.text for one in context.query.topic)],
    }
    only = {name: next(iter(some)) for name, some in conditions.items() if len(some) == 1}
    return "/api/v1/items?" + urlencode({name: value for name, value in only.items() if value})
