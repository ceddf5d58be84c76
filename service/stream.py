"""How an answer goes out: as server-sent events, and marked as automatic for machines (AI Act, Art. 50).

The mark is a header beside the answer and an address in its markup. The header's name and its `mode` follow the
Internet-Draft draft-abaris-aicdh, the address names a term of IPTC's list of digital source types, which schema.org
takes for `digitalSourceType`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from urllib.parse import quote

from service.models import Answer, GeneratedBy, Problem, Step, ToldSentence

Told = Step | ToldSentence
Tell = Callable[[Told], None]
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


def answer_events(answer: Answer, told: Sequence[ToldSentence] = ()) -> Iterator[bytes]:
    """Return the events of a verified answer, but for the sentences that were told before."""
    citations = {citation.marker: citation for citation in answer.citations}
    sent = {citation.marker for one in told for citation in one.citations}
    before = " ".join(one.text for one in told)
    rest = answer.answer.removeprefix(before) if told else answer.answer
    for sentence in sentences(rest) if not told or answer.answer.startswith(before) else ():
        markers = _markers(sentence, citations)
        for marker in markers:
            if marker not in sent:
                sent.add(marker)
                yield event("citation", citations[marker].model_dump_json())
        yield _sentence(sentence, markers)
    for marker in sorted(citations.keys() - sent):
        yield event("citation", citations[marker].model_dump_json())
    yield event("done", answer.model_dump_json())


def told_events(one: ToldSentence, first: bool) -> Iterator[bytes]:
    """Return the events of a sentence that is told while the answer is on its way."""
    for citation in one.citations:
        yield event("citation", citation.model_dump_json())
    yield _sentence(one.text if first else f" {one.text}", [int(number) for number in _MARKER.findall(one.text)])


def _markers(sentence: str, known: Container[int]) -> list[int]:
    markers = [int(number) for number in _MARKER.findall(sentence)]
    return list(dict.fromkeys(marker for marker in markers if marker in known))


def _sentence(text: str, markers: Sequence[int]) -> bytes:
    markers = list(dict.fromkeys(markers))
    return event("sentence", json.dumps({"text": text, "markers": markers}, ensure_ascii=False))


async def events(
    work: Callable[[Tell], Awaitable[Answer]], problem_for: Callable[[Exception], Problem]
) -> AsyncIterator[bytes]:
    """Answer and stream steps, and each sentence as soon as it is proven; what goes wrong becomes an `error` event."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[Told | None]()
    task = asyncio.ensure_future(work(lambda one: _put(loop, queue, one)))
    task.add_done_callback(lambda _: queue.put_nowait(None))
    told: list[ToldSentence] = []
    try:
        while (one := await queue.get()) is not None:
            if isinstance(one, Step):
                yield event("step", one.model_dump_json())
                continue
            for part in told_events(one, first=not told):
                yield part
            told.append(one)
        answer = await task
    except Exception as error:
        yield event("error", problem_for(error).model_dump_json(exclude_none=True))
        return
    finally:
        task.cancel()
    for part in answer_events(answer, told):
        yield part


def _put(loop: asyncio.AbstractEventLoop, queue: asyncio.Queue[Told | None], one: Told) -> None:
    """Hand something over from the thread that answers; where nobody listens any more it is dropped."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(queue.put_nowait, one)


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
