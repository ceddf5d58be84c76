"""What is asked: the service in this process, or any running one by its address."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import httpx

from evals.cases import Case
from evals.metrics.knowledge import DocumentText, Knowledge, Named, knowledge_of, lineage
from prompts import say
from service.answering.service import AnswerService
from service.composition import make_model, make_store
from service.models import ChatRequest, Turn
from service.people.decisions import Decisions
from service.settings import Settings

Raw = Mapping[str, Any]
MAX_WAITS = 20
TIMEOUT_SECONDS = 60.0
_PAGE_SIZE = 500


class TargetError(Exception):
    """The service cannot be asked; the message is one sentence for people."""


class Target(Protocol):
    """Answers cases."""

    edition: str
    knowledge: Knowledge

    def ask(self, case: Case) -> Raw:
        """The answer to a case, as the service sends it; raises TargetError where there is none."""
        ...


class InProcess:
    """The answer service over the current edition of a data folder."""

    def __init__(self, service: AnswerService) -> None:
        self.service = service
        self.edition = service.corpus.edition.name
        self.knowledge = knowledge_of(service.corpus.catalogue)

    def ask(self, case: Case) -> Raw:
        """Answer in this process, with how certain it is."""
        answer = self.service.answer(request_of(case))
        return {**answer.model_dump(mode="json"), "certainty": answer.certainty}


@contextmanager
def in_process(settings: Settings, name: str | None = None, decisions: Decisions | None = None) -> Iterator[InProcess]:
    """The named or current edition of the settings' data folder, opened for asking; raises StoreError without one."""
    store = make_store(settings)
    edition = store.open(name)
    try:
        model = make_model(settings)
        service = AnswerService(edition, settings, model=model, decisions=decisions, certain=lambda certainty: None)
        service.warm()
        yield InProcess(service)
    finally:
        edition.close()


class OverHttp:
    """A running service; waits where it says that there were too many requests."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        listed = self._get("/documents")
        self.edition = str(listed["corpus_edition"])
        self.knowledge = self._knowledge([one["id"] for one in listed["items"]])

    def ask(self, case: Case) -> Raw:
        """Ask over HTTP."""
        answer: Raw = self._json(
            self._send("POST", "/chat", json=request_of(case).model_dump(mode="json", exclude_none=True))
        )
        return answer

    def _knowledge(self, ids: list[str]) -> Knowledge:
        """The texts where the service gives them: without, quotes and pages are not measured."""
        texts = {}
        for one in ids:
            response = self._send("GET", f"/documents/{one}/text")
            if response.status_code == httpx.codes.NOT_FOUND:
                return Knowledge()
            raw = self._json(response)
            pages = tuple((page["start"], page["number"]) for page in raw["pages"])
            texts[one] = DocumentText(raw["text"], pages)
        items = self._items()
        named = ((one["document_id"], Named(one["ref"], one["key"], one["title"]), one["parent"]) for one in items)
        return Knowledge(texts, lineage(named))

    def _items(self) -> Iterator[dict[str, Any]]:
        """All records; those of the archive are listed only where they are asked for."""
        for which in ({}, {"status": "archived"}):
            page, total = 1, 1
            while (page - 1) * _PAGE_SIZE < total:
                found = self._get("/items", page=page, page_size=_PAGE_SIZE, **which)
                yield from found["items"]
                page, total = page + 1, found["total"]

    def _get(self, path: str, **params: str | int) -> Any:
        return self._json(self._send("GET", path, params=params))

    def _send(self, method: str, path: str, **what: Any) -> httpx.Response:
        for _ in range(MAX_WAITS):
            try:
                response = self._client.request(method, f"/api/v1{path}", **what)
            except httpx.HTTPError as error:
                raise TargetError(
                    say("evaluation.service_silent", base_url=self._client.base_url, error=error)
                ) from error
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return response
            time.sleep(min(float(response.headers.get("retry-after", 1)), TIMEOUT_SECONDS))
        raise TargetError(say("evaluation.rate_limited"))

    def _json(self, response: httpx.Response) -> Any:
        if not response.is_success:
            told = response.json().get("detail", "") if "json" in response.headers.get("content-type", "") else ""
            raise TargetError(say("evaluation.service_answers", status_code=response.status_code, told=told).strip())
        return response.json()


@contextmanager
def over_http(url: str) -> Iterator[OverHttp]:
    """A running service by its address ("http://127.0.0.1:8000"); raises TargetError where it does not answer."""
    try:
        client = httpx.Client(base_url=url if "://" in url else f"http://{url}", timeout=TIMEOUT_SECONDS)
    except httpx.InvalidURL as error:
        raise TargetError(say("evaluation.no_address", url=url)) from error
    with client:
        yield OverHttp(client)


def request_of(case: Case) -> ChatRequest:
    """A case as the question that the service gets."""
    history = [Turn(role=one.role, content=one.content) for one in case.history]
    return ChatRequest(question=case.question, history=history)
