"""How an answer goes out: as server-sent events, and marked as automatic for machines (AI Act, Art. 50).

The mark is a header beside the answer and an address in its markup. The header's name and its `mode` follow the
Internet-Draft draft-abaris-aicdh, the address names a term of IPTC's list of digital source types, which schema.org
takes for `digitalSourceType`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from urllib.parse import quote

from service.models import Answer, AnswerSentence, Citation, GeneratedBy, Problem, Step

StreamItem = Step | AnswerSentence
Tell = Callable[[StreamItem], None]
MEDIA_TYPE = "text/event-stream"
HEADERS = {"X-Accel-Buffering": "no", "Vary": "Accept"}
DISCLOSURE = "AI-Disclosure"
_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_TYPES = {"automatic": "algorithmicMedia", "language_model": "trainedAlgorithmicMedia"}
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


def answer_events(answer: Answer, reported: Sequence[AnswerSentence] = ()) -> Iterator[bytes]:
    """Return the events of a verified answer, but for the sentences that were told before."""
    sent = {citation.marker for sentence in reported for citation in sentence.citations}
    before = " ".join(sentence.text for sentence in reported)
    left = {citation.marker: citation for citation in answer.citations if citation.marker not in sent}
    for text in sentences(answer.answer.removeprefix(before)) if answer.answer.startswith(before) else ():
        markers = [marker for marker in _markers(text) if marker in left or marker in sent]
        sent.update(markers)
        yield from _sentence(text, markers, [left.pop(marker) for marker in markers if marker in left])
    yield from (event("citation", left[marker].model_dump_json()) for marker in sorted(left))
    yield event("done", answer.model_dump_json())


def _sentence(text: str, markers: Sequence[int], citations: Iterable[Citation]) -> Iterator[bytes]:
    """Yield the events of a sentence, first those of the citations that no sentence before it used."""
    yield from (event("citation", citation.model_dump_json()) for citation in citations)
    yield event("sentence", json.dumps({"text": text, "markers": markers}, ensure_ascii=False))


def _markers(text: str) -> list[int]:
    return list(dict.fromkeys(int(number) for number in _MARKER.findall(text)))


async def events(
    work: Callable[[Tell], Awaitable[Answer]], problem_for: Callable[[Exception], Problem]
) -> AsyncIterator[bytes]:
    """Answer and stream steps, and each sentence as soon as it is proven; what goes wrong becomes an `error` event."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[StreamItem | None]()
    task = asyncio.ensure_future(work(lambda told: _put(loop, queue, told)))
    task.add_done_callback(lambda _: queue.put_nowait(None))
    told: list[AnswerSentence] = []
    try:
        while (happening := await queue.get()) is not None:
            if isinstance(happening, Step):
                yield event("step", happening.model_dump_json())
                continue
            for part in _sentence(
                f" {happening.text}" if told else happening.text, _markers(happening.text), happening.citations
            ):
                yield part
            told.append(happening)
        answer = await task
    except Exception as error:
        yield event("error", problem_for(error).model_dump_json(exclude_none=True))
        return
    finally:
        task.cancel()
    for part in answer_events(answer, told):
        yield part


def _put(loop: asyncio.AbstractEventLoop, queue: asyncio.Queue[StreamItem | None], reported: StreamItem) -> None:
    """Hand something over from the thread that answers; where nobody listens any more it is dropped."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(queue.put_nowait, reported)


def disclosed(made: GeneratedBy | None) -> Mapping[str, str]:
    """Return the header of an answer; None where it is on its way and whether a model words it is not known yet."""
    parts = ["mode=machine-generated"]
    if made is not None:
        parts.append(f"kind={made.kind}")
    if made is not None and made.model:
        parts.append(f'model="{quote(made.model, safe=" /:.@+")}"')
    return {DISCLOSURE: ", ".join(parts)}


def digital_source_type(made: GeneratedBy) -> str:
    """Return the address of IPTC's term for how a text came about."""
    return _SOURCE + _TYPES[made.kind]
