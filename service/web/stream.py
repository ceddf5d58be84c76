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
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import suppress
from itertools import chain, pairwise
from urllib.parse import quote

from service.records.answers import Answer, AnswerSentence, Citation, GeneratedBy, Problem, Step

StreamItem = Step | AnswerSentence
ReportProgress = Callable[[StreamItem], None]
MEDIA_TYPE = "text/event-stream"
HEADERS = {"X-Accel-Buffering": "no", "Vary": "Accept"}
DISCLOSURE = "AI-Disclosure"
_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_TYPES = {"automatic": "algorithmicMedia", "language_model": "trainedAlgorithmicMedia"}
_MARKER = re.compile(r"\[(\d+)\]")
# "[1]. ", ". [1] " or line end
_SENTENCE_END = re.compile(r"\][.!?]+[\"“»]?\s+|[.!?][\"“»]?(?:\s?\[\d+\])+\s+|\n+")


def sentences(text: str) -> list[str]:
    """Split an answer into sentences with their white space, so that joined they are the text
    again.

    It is split only at line ends and after a citation marker, so that abbreviations ("z. B.") never
    end a sentence.
    """
    cuts = [match.end() for match in _SENTENCE_END.finditer(text)]
    edges = [0, *[cut for cut in cuts if cut < len(text)], len(text)]
    return [text[start:end] for start, end in pairwise(edges) if end > start]


def event(name: str, data: str) -> bytes:
    """Return a server-sent event; `data` is JSON on one line."""
    return f"event: {name}\ndata: {data}\n\n".encode()


def answer_events(answer: Answer, reported: Sequence[AnswerSentence] = ()) -> Iterator[bytes]:
    """Yield the events of a verified answer, except sentences and citations that were already
    `reported`.

    If the answer does not begin with these sentences, its text is sent only as a whole, in the
    event `done`.
    """
    reported_citations = chain.from_iterable(sentence.citations for sentence in reported)
    sent = {citation.marker for citation in reported_citations}
    sent_text = " ".join(sentence.text for sentence in reported)
    unsent = {
        citation.marker: citation for citation in answer.citations if citation.marker not in sent
    }
    unsent_text = ""
    if answer.answer.startswith(sent_text):
        unsent_text = answer.answer.removeprefix(sent_text)
    for text in sentences(unsent_text):
        markers = [marker for marker in _markers(text) if marker in unsent or marker in sent]
        sent.update(markers)
        citations = [unsent.pop(marker) for marker in markers if marker in unsent]
        yield from _sentence_events(text, markers, citations)
    yield from (event("citation", unsent[marker].model_dump_json()) for marker in sorted(unsent))
    yield event("done", answer.model_dump_json())


def _sentence_events(
    text: str, markers: Sequence[int], citations: Iterable[Citation]
) -> Iterator[bytes]:
    """Yield the events of a sentence: first its `citations`, those that no earlier sentence
    used.
    """
    yield from (event("citation", citation.model_dump_json()) for citation in citations)
    yield event("sentence", json.dumps({"text": text, "markers": markers}, ensure_ascii=False))


def _markers(text: str) -> list[int]:
    """Return the numbers of the markers in a text ("[1]"), each once, in its order."""
    return list(dict.fromkeys(int(number) for number in _MARKER.findall(text)))


async def events(
    answer_reporting: Callable[[ReportProgress], Awaitable[Answer]],
    problem_for: Callable[[Exception], Problem],
) -> AsyncIterator[bytes]:
    """Yield the events of an answer's steps and verified sentences as they come, then those of the
    whole answer.

    `answer_reporting` makes the answer, and reports steps and sentences with the function that it
    is given. An exception becomes an `error` event, with the problem that `problem_for` returns.
    """
    loop = asyncio.get_running_loop()
    queue = asyncio.Queue[StreamItem | None]()
    task = asyncio.ensure_future(answer_reporting(lambda item: _enqueue(loop, queue, item)))
    task.add_done_callback(lambda _: queue.put_nowait(None))  # None marks the end
    reported: list[AnswerSentence] = []
    try:
        while (item := await queue.get()) is not None:
            if isinstance(item, Step):
                yield event("step", item.model_dump_json())
                continue
            text = f" {item.text}" if reported else item.text  # joined they are the answer's text
            for part in _sentence_events(text, _markers(item.text), item.citations):
                yield part
            reported.append(item)
        answer = await task
    except Exception as error:
        yield event("error", problem_for(error).model_dump_json(exclude_none=True))
        return
    finally:
        task.cancel()
    for part in answer_events(answer, reported):
        yield part


def _enqueue(
    loop: asyncio.AbstractEventLoop, queue: asyncio.Queue[StreamItem | None], item: StreamItem
) -> None:
    """Put an item into the queue from the answering thread; it is dropped if the event loop is
    already closed.
    """
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(queue.put_nowait, item)


def disclosure_header(generated_by: GeneratedBy | None) -> Mapping[str, str]:
    """Return the header AI-Disclosure: `mode=machine-generated, kind=language_model,
    model="qwen3:8b"`.

    It has the mode alone for None: before the answer it is not known whether a model words it.
    """
    value = "mode=machine-generated"
    if generated_by is not None:
        value += f", kind={generated_by.kind}"
        if generated_by.model:
            value += f', model="{quote(generated_by.model, safe=" /:.@+")}"'
    return {DISCLOSURE: value}


def digital_source_type(generated_by: GeneratedBy) -> str:
    """Return the URL of IPTC's term for how a text was generated."""
    return _SOURCE + _TYPES[generated_by.kind]
