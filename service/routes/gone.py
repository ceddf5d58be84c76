"""The problem `gone`: the address of a record that was, with its last state and what took its place."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response
from pydantic import TypeAdapter

from service.changes import find_gone
from service.edition_holder import Served
from service.http.problems import MEDIA_TYPE, ProblemError, problem_of
from service.http.responses import preferred_language
from service.records import item_url


def gone_problem(served: Served, document_id: str, key: str, request: Request) -> Response:
    """Say what an address had until when (410); raises the problem not-found for one that never was."""
    gone = find_gone(served.edition, document_id, key)
    if gone is None:
        raise ProblemError("not-found")
    language = preferred_language(request.headers.get("accept-language", ""))
    problem = problem_of(ProblemError("gone", values={"edition": gone.edition.edition}), language)
    told = problem.model_dump(exclude_none=True) | {
        "gone_with": gone.edition.edition,
        "gone_on": gone.edition.created,
        "document": gone.document,
        "last_state": gone.state,
        "successor": item_url(gone.successor.document_id, gone.successor.key) if gone.successor else None,
    }
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return Response(TypeAdapter(dict).dump_json(told), problem.status, headers, MEDIA_TYPE)
