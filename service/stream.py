"""An answer as server-sent events: every citation before the first sentence that uses it, then the whole answer."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import pairwise

from service.models import Answer, Problem

MEDIA_TYPE = "text/event-stream"
HEADERS = {"X-Accel-Buffering": "no", "Vary": "Accept"}
_MARKER = re.compile(r"\[(\d+)\]")
_AFTER_PROOF = re.compile(r"\][.!?]+[\"“»]?\s+|[.!?][\"“»]?(?:\s?\[\d+\])+\s+|\n+")


def sentences(text: str) -> list[str]:
    """Cut an answer into sentences that keep their white space: joined they are the text again.

    A cut is made only at a line's end or where a sentence has just been proved by a marker, so that abbreviations
    ("z. B.") never cut.
    """
    cuts = [match.end() for match in _AFTER_PROOF.finditer(text)]
    edges = [0, *[cut for cut in cuts if cut < len(text)], len(text)]
    return [text[start:end] for start, end in pairwise(edges) if end > start]


def event(name: str, data: str) -> bytes:
    """Return one event; `data` is JSON on one line."""
    return f"event: {name}\ndata: {data}\n\n".encode()


def answer_events(answer: Answer) -> Iterator[bytes]:
    """Return the events of a verified answer."""
    citations = {citation.marker: citation for citation in answer.citations}
    sent: set[int] = set()
    for sentence in sentences(answer.answer):
        markers = [int(number) for number in _MARKER.findall(sentence)]
        known = list(dict.fromkeys(marker for marker in markers if marker in citations))
        for marker in known:
            if marker not in sent:
                sent.add(marker)
                yield event("citation", citations[marker].model_dump_json())
        yield event("sentence", json.dumps({"text": sentence, "markers": known}, ensure_ascii=False))
    for marker in sorted(citations.keys() - sent):
        yield event("citation", citations[marker].model_dump_json())
    yield event("done", answer.model_dump_json())


async def events(
    work: Callable[[], Awaitable[Answer]], problem_for: Callable[[Exception], Problem]
) -> AsyncIterator[bytes]:
    """Answer and stream; what goes wrong becomes an `error` event."""
    try:
        answer = await work()
    except Exception as error:
        yield event("error", problem_for(error).model_dump_json(exclude_none=True))
        return
    for part in answer_events(answer):
        yield part
