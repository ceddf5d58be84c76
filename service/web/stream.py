"""Streams an answer as server-sent events, and makes the machine-readable marks of generated texts
(AI Act, Art. 50).

The marks are a header of the response (Internet-Draft draft-abaris-aicdh) and a URL in the markup
(IPTC's list of digital source types, as in schema.org's `digitalSourceType`).
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterator,
    Mapping,
)
from contextlib import suppress
from itertools import pairwise
from urllib.parse import quote

from service.records import Answer, Checked, GeneratedBy, Problem, Step

ReportProgress = Callable[[Step], None]
MEDIA_TYPE = "text/event-stream"
HEADERS = {"X-Accel-Buffering": "no", "Vary": "Accept"}
DISCLOSURE_HEADER = "AI-Disclosure"
_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_TYPES = {"automatic": "algorithmicMedia", "language_model": "trainedAlgorithmicMedia"}
_MARKER = re.compile(r" ?\[(\d+)\]")
_ENDS = " .\n"  # by which a sentence of the stream may differ from one of the answer
# "[1]. ", ". [1] " or line end
_SENTENCE_END = re.compile(r"\][.!?]+[\"“»]?\s+|[.!?][\"“»]?(?:\s?\[\d+\])+\s+|\n+")


def sentences(text: str) -> list[str]:
    """Split an answer into sentences with their white space, so that joined they are the text
    again.

    It is split only at line ends and where a citation marker is beside the full stop ("…. [1] " or
    "… [1]. "), so that abbreviations ("z. B.") never end a sentence.
    """
    cuts = [match.end() for match in _SENTENCE_END.finditer(text)]
    edges = [0, *[cut for cut in cuts if cut < len(text)], len(text)]
    return [text[start:end] for start, end in pairwise(edges) if end > start]


def event(name: str, data: str) -> bytes:
    """Return a server-sent event; `data` is JSON on one line."""
    return f"event: {name}\ndata: {data}\n\n".encode()


def answer_events(answer: Answer) -> Iterator[bytes]:
    """Yield the events of a verified answer, the whole answer last.

    Each sentence is preceded by the citations that it uses first, so that a client can link its
    markers at once. Citations that no sentence uses come after the sentences.
    """
    citations = {citation.marker: citation.model_dump_json() for citation in answer.citations}
    sent = set[int]()
    for text in sentences(answer.answer):
        markers = [marker for marker in _markers(text) if marker in citations]
        for marker in markers:
            if marker not in sent:
                yield event("citation", citations[marker])
        sent.update(markers)
        said: dict[str, object] = {"text": text, "markers": markers}
        checked = _find_checked(text, answer)
        if checked is not None:
            said["checked"] = checked
        yield event("sentence", json.dumps(said, ensure_ascii=False))
    for marker in sorted(citations.keys() - sent):
        yield event("citation", citations[marker])
    yield event("done", answer.model_dump_json())


def _find_checked(text: str, answer: Answer) -> Checked | None:
    """Return how a sentence of the stream, or a part of one, was checked; None unless a language
    model worded it.
    """
    plain = _MARKER.sub("", text).strip(_ENDS)
    for sentence in answer.sentences:
        if plain in sentence.text:
            return sentence.checked
    return None


def _markers(text: str) -> list[int]:
    """Return the numbers of the markers in a text ("[1]"), each once, in its order."""
    return list(dict.fromkeys(int(number) for number in _MARKER.findall(text)))


async def events(
    answer_reporting: Callable[[ReportProgress], Awaitable[Answer]],
    problem_for: Callable[[Exception], Problem],
) -> AsyncIterator[bytes]:
    """Yield the events of an answer's steps as they come, then those of the verified answer.

    `answer_reporting` makes the answer, and reports steps with the function that it is given. An
    exception becomes an `error` event, with the problem that `problem_for` returns: the status 200
    has been sent already. If the client disconnects, the answer is cancelled.
    """
    loop = asyncio.get_running_loop()
    queue = asyncio.Queue[Step | None]()
    task = asyncio.ensure_future(answer_reporting(lambda step: _enqueue(loop, queue, step)))
    task.add_done_callback(lambda _: queue.put_nowait(None))  # None marks the end
    try:
        while (step := await queue.get()) is not None:
            yield event("step", step.model_dump_json())
        answer = await task
    except Exception as error:
        yield event("error", problem_for(error).model_dump_json(exclude_none=True))
        return
    finally:
        task.cancel()
    for part in answer_events(answer):
        yield part


def _enqueue(
    loop: asyncio.AbstractEventLoop, queue: asyncio.Queue[Step | None], step: Step
) -> None:
    """Put a step into the queue from the answering thread, which must not touch the queue of the
    event loop itself.

    It is dropped if the event loop is already closed, as at the end of the server.
    """
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(queue.put_nowait, step)


def disclosure_header(generated_by: GeneratedBy | None) -> Mapping[str, str]:
    """Return the header AI-Disclosure: `mode=machine-generated, kind=language_model,
    model="qwen3:8b"`.

    It has the mode alone for None: before the answer it is not known whether a model words it. The
    model's name is percent-encoded, since it may have characters that no header may have.
    """
    value = "mode=machine-generated"
    if generated_by is not None:
        value += f", kind={generated_by.kind}"
        if generated_by.model:
            value += f', model="{quote(generated_by.model, safe=" /:.@+")}"'
    return {DISCLOSURE_HEADER: value}


def digital_source_type(generated_by: GeneratedBy) -> str:
    """Return the URL of IPTC's term for how a text was generated."""
    return _SOURCE + _TYPES[generated_by.kind]
