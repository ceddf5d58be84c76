"""Runs an evaluation: asks every case over its documents, scores the answers and sums up the
measurements.

The target is the answer service in this process, or a running service by its URL.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2 as httpx

from evals.case_files import Case, load_files
from evals.corpora import Corpora
from evals.measurements import ScoredCase, compute_measurements
from evals.metrics.measures import compute_scores
from evals.metrics.scoring import (
    AnsweredCase,
    DocumentTexts,
    ItemNames,
    RenderedDocument,
    SentAnswer,
    find_ancestors,
    load_knowledge,
)
from evals.run import CaseFile, Run, RunInfo
from prompts import say
from service import Settings, make_database
from service.answering import AnswerService
from service.composition import make_holder
from service.records import ChatRequest, Turn
from service.terminal import CommandError

Raw = Mapping[str, Any]  # an answer as JSON
MAX_WAITS = 20  # for a service that limits requests
TIMEOUT_SECONDS = 60.0
_PAGE_SIZE = 500
Show = Callable[[str, float], None]  # shows progress: a step and its share, 0 to 1
URL = "service"  # name of the corpus of a running service


class InProcess:
    """The answer service over the current edition of a data folder."""

    def __init__(self, service: AnswerService) -> None:
        self.service = service
        self.edition = service.corpus.edition.name
        self.knowledge = load_knowledge(service.corpus.catalogue)

    def ask(self, case: Case) -> Raw:
        """Return the answer as JSON."""
        return self.service.answer(request_of(case)).model_dump(mode="json")


@contextmanager
def in_process(settings: Settings) -> Iterator[InProcess]:
    """Open the current edition of a data folder for asking, as the service does.

    Raises StoreError if there is no edition.
    """
    with closing(make_database(settings)) as database:
        holder = make_holder(settings, database=database)
        try:
            with holder.lease() as served:
                yield InProcess(served.answers)
        finally:
            holder.close()


class OverHttp:
    """A running service; waits when it limits requests (status 429)."""

    def __init__(self, client: httpx.Client) -> None:
        """Ask the service for its documents, their texts and its records, which scoring compares
        answers with. Raises CommandError if it does not answer.
        """
        self._client = client
        listed = self._get("/documents")
        self.edition = str(listed["corpus_edition"])
        self.knowledge = self._knowledge([document["id"] for document in listed["items"]])

    def ask(self, case: Case) -> Raw:
        """Return the answer as JSON; raises CommandError without one."""
        body = request_of(case).model_dump(mode="json", exclude_none=True)
        answer: Raw = self._json(self._send("POST", "/chat", json=body))
        return answer

    def _knowledge(self, ids: list[str]) -> DocumentTexts:
        """Return the texts of the documents `ids`, and the ancestors of all items.

        A service may not give out texts (status 404). Then return empty texts: quotes and pages are
        not measured, and items count without their ancestors.
        """
        texts = {}
        for document_id in ids:
            response = self._send("GET", f"/documents/{document_id}/text")
            if response.status_code == httpx.codes.NOT_FOUND:
                return DocumentTexts()
            text = self._json(response)
            pages = tuple((page["start"], page["number"]) for page in text["pages"])
            texts[document_id] = RenderedDocument(text["text"], pages)
        named_items = (
            (
                item["document_id"],
                ItemNames(item["ref"], item["key"], item["title"]),
                item["parent"],
            )
            for item in self._items()
        )
        return DocumentTexts(texts, find_ancestors(named_items))

    def _items(self) -> Iterator[dict[str, Any]]:
        """Yield all records, page by page; the archived ones come last, since the service lists
        them only on request.
        """
        for query in ({}, {"status": "archived"}):
            page, total = 1, 1  # how many there are says the first page
            while (page - 1) * _PAGE_SIZE < total:
                result = self._get("/items", page=page, page_size=_PAGE_SIZE, **query)
                yield from result["items"]
                page, total = page + 1, result["total"]

    def _get(self, path: str, **params: str | int) -> Any:
        return self._json(self._send("GET", path, params=params))

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request and return the response.

        If the service answers that there are too many requests, wait and send it again, at most
        MAX_WAITS times. Raises CommandError without a response.
        """
        for _ in range(MAX_WAITS):
            try:
                response = self._client.request(method, f"/api/v1{path}", **options)
            except httpx.HTTPError as error:
                address = self._client.base_url
                raise CommandError(
                    say("evaluation.service_silent", base_url=address, error=error)
                ) from error
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return response
            time.sleep(min(float(response.headers.get("retry-after", 1)), TIMEOUT_SECONDS))
        raise CommandError(say("evaluation.rate_limited"))

    def _json(self, response: httpx.Response) -> Any:
        """Return the parsed body of a successful response.

        For any other response raise CommandError with the reason that the service gives.
        """
        if not response.is_success:
            text = ""
            if "json" in response.headers.get("content-type", ""):
                text = response.json().get("detail", "")
            sentence = say(
                "evaluation.service_answers", status_code=response.status_code, told=text
            )
            raise CommandError(sentence.strip())
        return response.json()


Target = InProcess | OverHttp


@contextmanager
def over_http(url: str) -> Iterator[OverHttp]:
    """Connect to a running service by its URL ("http://127.0.0.1:8000", also without "http://").
    Raises CommandError if the URL is invalid or the service does not answer.
    """
    base_url = url if "://" in url else f"http://{url}"
    try:
        client = httpx.Client(base_url=base_url, timeout=TIMEOUT_SECONDS)
    except httpx.InvalidURL as error:
        raise CommandError(say("evaluation.no_address", url=url)) from error
    with client:
        yield OverHttp(client)


def request_of(case: Case) -> ChatRequest:
    """Return a case as a request to the service."""
    history = [Turn(role=turn.role, content=turn.content) for turn in case.history]
    return ChatRequest(question=case.question, history=history)


@dataclass(frozen=True)
class RunRequest:
    """What a run asks: files of cases, over the documents of corpora or a running service
    (`url`).
    """

    files: Sequence[Path]
    corpora: Corpora
    url: str | None
    name: str


def run_cases(request: RunRequest, show: Show = lambda _step, _done: None) -> Run:
    """Ask all cases and score the answers; raises CaseError, CommandError, StoreError.

    All cases of one corpus are asked together, so that each edition is opened once; the rows of the
    run are in the order of the files again. With a URL all cases are asked there. The run keeps
    digests of the case files and the different receipts of answers, which say how each was made.
    """
    created, start = datetime.now(UTC), time.perf_counter()
    files = load_files(request.files)
    if not any(files.values()):
        raise CommandError(say("evaluation.no_case"))
    cases_to_ask = [  # with the name of their file and their corpus
        (case, path.stem, request.corpora.corpus_of(case, path))
        for path, cases in files.items()
        for case in cases
    ]
    rows: dict[str, ScoredCase] = {}  # by the id of the case
    editions: dict[str, str] = {}
    for name, target in _targets(request, [corpus for _, _, corpus in cases_to_ask]):
        editions[name] = target.edition
        for case, set_name, corpus in cases_to_ask:
            if request.url or corpus == name:
                show(case.id, len(rows) / len(cases_to_ask))
                group = request.corpora.sets.group_of(corpus)
                rows[case.id] = ask_case(
                    target, case, set_name=set_name, corpus=corpus, group=group
                )
    # corpora were asked one after the other
    ordered_rows = [rows[case.id] for case, _, _ in cases_to_ask]
    digests = {path: f"sha256:{sha256(path.read_bytes()).hexdigest()[:16]}" for path in files}
    receipts = (row.judgement.answered_case.answer.receipt for row in ordered_rows)
    info = RunInfo(
        name=request.name,
        created=created,
        seconds=time.perf_counter() - start,
        address=request.url,
        case_files=[
            CaseFile(name=path.name, digest=digests[path], cases=len(files[path])) for path in files
        ],
        editions=editions,
        receipts=list({str(receipt): dict(receipt) for receipt in receipts}.values()),
    )
    return Run(info, ordered_rows, compute_measurements(ordered_rows))


def ask_case(
    target: Target, case: Case, *, set_name: str = "", corpus: str = "", group: str = ""
) -> ScoredCase:
    """Ask a case and return it with its answer and scores, and with the time that the answer took;
    raises CommandError.

    The three names say which file (`set_name`), corpus and group of corpora the case is of. They
    are only stored in the result, which is summed by them.
    """
    start = time.perf_counter()
    raw = target.ask(case)
    milliseconds = 1000 * (time.perf_counter() - start)
    judgement = compute_scores(
        AnsweredCase(case, SentAnswer.model_validate(raw), target.knowledge, milliseconds)
    )
    return ScoredCase(set_name, corpus, group, judgement, raw)


def _targets(request: RunRequest, corpora: Sequence[str]) -> Iterator[tuple[str, Target]]:
    """Yield the services to ask, each with a name.

    If the request has the URL of a running service, this is the only one, and all cases are asked
    there. Else there is a service for each corpus, named like the corpus.
    """
    if request.url:
        with over_http(request.url) as service:
            yield URL, service
        return
    for corpus, settings in request.corpora.editions(corpora).items():
        with in_process(settings) as service:
            yield corpus, service
