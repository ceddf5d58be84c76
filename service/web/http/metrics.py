"""Prometheus metrics: answers, their steps, requests, the edition, ingestion, the language model.

Labels are values of fixed lists and route patterns, never users' input. With
PROMETHEUS_MULTIPROC_DIR several processes share their counts, and each reports the sum.
"""

from __future__ import annotations

import os
import time
from collections import Counter as Tally
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from service.records import Answer, labels

if TYPE_CHECKING:
    from vectorstore import Edition

SHARED = "PROMETHEUS_MULTIPROC_DIR"
STEP_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
STATES = ("indexed", "indexed_with_warnings", "rejected")
PREFIX = "strategielotse_"


class Meters:
    """All metrics of one application; thread-safe."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter(
            "requests", "Requests by route pattern", "method", "route", "status"
        )
        self._request_seconds = self._histogram(
            "request_seconds", "Seconds until a request was answered", "route"
        )
        self._answers = self._counter("answers", "Answers by status and mode", "status", "mode")
        self._steps = self._histogram(
            "answer_step_seconds", "Seconds of each step of an answer", "step"
        )
        self._model = self._counter(
            "model_requests", "Requests to the language model by outcome", "outcome"
        )
        self._tokens = self._counter(
            "model_tokens", "Tokens read and written by the language model", "direction"
        )
        self._cost = self._counter("model_cost", "Cost of replies, in the currency of the prices")
        self._resting = self._gauge(
            "model_resting_until_seconds", "Until when no model is asked", "max"
        )
        self._published = self._gauge(
            "edition_published_seconds", "Day of the edition that answers", "mostrecent"
        )
        self._documents = self._gauge(
            "edition_documents", "Documents of that edition", "mostrecent"
        )
        self._records = self._gauge(
            "edition_records", "Records of that edition by kind", "mostrecent", "kind"
        )
        self._files = self._gauge(
            "ingestion_files", "Files of its ingestion by state", "mostrecent", "state"
        )
        self._source_files = self._counter(
            "source_files",
            "Files of followed sources, and failures, by what became of them",
            "state",
        )
        self._ready = self._gauge("ready", "1 where an edition answers", "mostrecent")

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; `route` is the route's pattern, "-" if none matched."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def count_answer(self, answer: Answer) -> None:
        """Count an answer and record the seconds of its steps."""
        self._answers.labels(answer.status, answer.mode or "none").inc()
        for step, milliseconds in answer.timings_ms.items():
            self._steps.labels(step).observe(milliseconds / 1000)

    def count_reply(self, outcome: str, read: int, written: int, cost: float, pause: float) -> None:
        """Count a request to the language model; `read` and `written` are numbers of tokens.

        `outcome` is "replied" or a kind of failure. After a failure, `pause` is for how many
        seconds no model is asked; 0 ends an earlier pause.
        """
        self._model.labels(outcome).inc()
        self._tokens.labels("read").inc(read)
        self._tokens.labels("written").inc(written)
        self._cost.inc(cost)
        self._resting.set(time.time() + pause if pause else 0.0)

    def report_edition(self, edition: Edition | None) -> None:
        """Record which edition answers now: its day, documents, records and ingested files.

        None means that no edition answers; the numbers of the last one stay. Each kind of records
        and each state of files is set, also to 0, so that no number of an earlier edition is left.
        """
        self._ready.set(0 if edition is None else 1)
        if edition is None:
            return
        self._published.set(_day_of(edition.name))
        self._documents.set(len(edition.catalogue.documents))
        kinds = Tally(item.kind.value for item in edition.catalogue.items)
        for kind in labels.KINDS:
            self._records.labels(kind).set(kinds[kind])
        states = Tally(str(file.get("state")) for file in edition.report.get("files", ()))
        for state in STATES:
            self._files.labels(state).set(states[state])

    def count_source_files(self, states: Mapping[str, int]) -> None:
        """Count what a run over a followed source found: files by state."""
        for state, number in states.items():
            self._source_files.labels(state).inc(number)

    def render(self) -> bytes:
        """Return all metrics in Prometheus' text format.

        With several processes they are summed up from the files in the folder that the variable
        `SHARED` names.
        """
        if not os.environ.get(SHARED):
            return generate_latest(self._registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(shared)

    def _counter(self, name: str, means: str, *names: str) -> Counter:
        return Counter(f"{PREFIX}{name}", means, names, registry=self._registry)

    def _gauge(self, name: str, means: str, mode: str, *names: str) -> Gauge:
        """Return a gauge; `mode` says how values of several processes are combined.

        "max" is the greatest, "mostrecent" the one that was set last.
        """
        return Gauge(
            f"{PREFIX}{name}",
            means,
            names,
            registry=self._registry,
            multiprocess_mode=mode,  # type: ignore[arg-type]
        )

    def _histogram(self, name: str, means: str, *names: str) -> Histogram:
        return Histogram(
            f"{PREFIX}{name}", means, names, buckets=STEP_SECONDS, registry=self._registry
        )


def _day_of(edition: str) -> float:
    """Return the day of an edition ("2026-11-20-1"), at midnight UTC, in seconds since 1970.

    Returns 0 for a name that does not begin with a date.
    """
    try:
        return datetime.fromisoformat(f"{edition[:10]}T00:00Z").timestamp()
    except ValueError:
        return 0.0
