"""POST /documents/{document_id}/{key}/hint: somebody says that an item is wrong; staff read it, nothing changes."""

from __future__ import annotations

import logging
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError

from prompts import say
from service.deps import DatabaseDep, ServedDep, SettingsDep, in_thread
from service.http.clients import waiting_key
from service.http.limits import Turns
from service.http.problems import ProblemError
from service.people.marks import LONGEST, Marks, TooManyMarks
from service.records import item_url

router = APIRouter(include_in_schema=False)
log = logging.getLogger("strategielotse")
OUTCOMES = ("kept", "empty", "many", "failed")
TOLD = {one: say(f"labels.hint_{one}") for one in OUTCOMES}


@router.post("/documents/{document_id}/{key}/hint")
async def hint(
    document_id: str,
    key: str,
    request: Request,
    served: ServedDep,
    database: DatabaseDep,
    settings: SettingsDep,
    part: Annotated[str, Form(max_length=20)] = "other",
    text: Annotated[str, Form(max_length=2 * LONGEST)] = "",
) -> RedirectResponse:
    """Keep a hint, and lead back to the item's page, which says what became of it."""
    if served.edition.catalogue.item(document_id, key) is None:
        raise ProblemError("not-found")
    said = text.strip()[:LONGEST]
    outcome = "empty"
    turns: Turns = request.app.state.hint_turns
    if said and turns.wait(waiting_key(request.scope, settings.proxy_networks())):
        outcome = "many"
    elif said:
        outcome = await in_thread(request, partial(_kept, Marks(database), document_id, key, part, said))
    return RedirectResponse(f"{item_url(document_id, key)}?hint={outcome}#hinweis", 303)


def _kept(hints: Marks, document_id: str, key: str, part: str, said: str) -> str:
    try:
        hints.keep(document_id, key, part, said)
    except TooManyMarks:
        return "many"
    except SQLAlchemyError as error:
        log.warning(say("people.hint_not_kept"), type(error).__name__)
        return "failed"
    return "kept"
