"""How much of what is expected each engine finds: the development sets, over the same passages as our edition."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.answers.asking import corpus_of
from evals.answers.corpora import Corpora, CorpusError, Ingestion
from evals.cases import Case, Expectation, Ref, load_cases
from evals.metrics.intervals import Estimate, Part, estimate
from evals.metrics.judging import is_part
from evals.metrics.knowledge import Knowledge, knowledge_of
from service.cli_errors import CommandError
from service.cli_ingest import ingest_papers, papers_in
from service.composition import make_store
from service.settings import Settings
from tests.benchmarks.asked import SAMPLE_SETS
from tests.benchmarks.engines.asking import NAMES, OURS, EngineFailed, Worker
from tests.benchmarks.engines.rivals import passages_of
from tests.benchmarks.measured import (
    CASES,
    PAPERS,
    READ_SECONDS,
    REAL,
    SAMPLE,
    Measured,
    Options,
    circumstances,
    say,
    table,
)
from tests.benchmarks.plots import bars
from tests.processes import REPOSITORY
from vectorstore.catalogue import Catalogue
from vectorstore.edition import Edition

PLOT = "benchmarks-quality.svg"
LEARNED = ("first-dev", "papers-dev", "pairs-dev")
FRESH = ("first-dev-2", "papers-dev-2")
FIRST = (5, 10)
_PASSAGES = 30  # of which the first ten items are taken: several can be of one item
Item = tuple[str, str]


@dataclass(slots=True)
class Scores:
    """What each engine found of each set: a part for every case, by engine, set and number of first items."""

    parts: dict[tuple[str, str, int], list[Part]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    def note(self, engine: str, name: str, first: int, part: Part) -> None:
        """Add what was found for one case."""
        self.parts.setdefault((engine, name, first), []).append(part)

    def of(self, engine: str, names: Sequence[str], first: int) -> Estimate | None:
        """The mean over the cases of these sets with its interval, None where none was asked."""
        return estimate([part for name in names for part in self.parts.get((engine, name, first), [])])

    def sets(self, names: Sequence[str]) -> list[str]:
        """Those of the sets of which a case was asked."""
        return [name for name in names if any(one == name for _, one, _ in self.parts)]


def share(
    found: Sequence[Item], expected: Expectation, first: int, is_right: Callable[[Item, Ref], bool]
) -> Part | None:
    """The share of what a case expects that is among the first items, 0 to 1; None where it expects no item.

    Where one of several items is enough, one is all of it; of an overview its core is expected.
    """
    best = found[:first]
    hit = {ref: any(is_right(one, ref) for one in best) for ref in expected.citations_any + expected.citations_all}
    parts = [float(any(hit[ref] for ref in expected.citations_any))] if expected.citations_any else []
    parts += [float(hit[ref]) for ref in expected.citations_all]
    if expected.overview:
        parts += [float(any(is_right(one, ref) for one in best)) for ref in expected.overview.core]
    return (sum(parts) / len(parts), 1.0) if parts else None


def measure(options: Options) -> Measured:
    """Ask every engine every case that begins a conversation and expects items, corpus by corpus."""
    load, real = os.getloadavg()[0], REAL.is_file() and PAPERS.is_dir()
    names = (*LEARNED, *FRESH) if real else SAMPLE_SETS
    cases = [(name, case) for name in names for case in _cases(name, options.cases)]
    corpora = _corpora(real)
    scores = Scores()
    with TemporaryDirectory() as folder, ExitStack() as running:
        workers = _workers(Path(folder), running, scores)
        for corpus in dict.fromkeys(corpus_of(case) for _, case in cases):
            asked = [(name, case) for name, case in cases if corpus_of(case) == corpus]
            say(f"quality: {len(asked)} cases, over {corpus}")
            try:
                settings = corpora.edition_of(corpus, corpora.files_of([corpus])[corpus])
            except (CorpusError, CommandError):
                for name, _ in asked:
                    scores.left_out[name] = scores.left_out.get(name, 0) + 1
                continue
            _ask(settings, asked, Path(folder) / corpus, workers, scores, options)
    return Measured({"benchmarks.md": text(scores, real, load)}, {PLOT: _plot(scores)})


def _cases(name: str, most: int | None) -> list[Case]:
    cases = load_cases(CASES / f"{name}.jsonl")
    return [one for one in cases if not one.history and (one.wanted or one.expect.overview)][:most]


def _corpora(real: bool) -> Corpora:
    build = REPOSITORY / "build/answers"
    ingestion = Ingestion(papers_in, _ingest)
    return Corpora(ingestion, build, PAPERS if real else None, REAL if real else SAMPLE)


def _ingest(settings: Settings, files: Sequence[Path], register: Path | None) -> None:
    ingest_papers(settings.model_copy(update={"read_seconds": READ_SECONDS}), files, register)


def _workers(folder: Path, running: ExitStack, scores: Scores) -> dict[str, Worker]:
    workers = {}
    for name in NAMES:
        try:
            workers[name] = running.enter_context(Worker(name, folder / f"{name}.log"))
        except EngineFailed as error:
            scores.failed[name] = str(error)
    return workers


def _ask(
    settings: Settings,
    cases: Sequence[tuple[str, Case]],
    folder: Path,
    workers: dict[str, Worker],
    scores: Scores,
    options: Options,
) -> None:
    """Build the corpus with every engine, and note what each finds for its cases."""
    with closing(make_store(settings).open()) as edition:
        passages_of(edition, settings.data_dir, folder)
        knowledge = knowledge_of(edition.catalogue)
        for engine in list(workers):
            try:
                workers[engine].build(folder, options.patience)
                for name, case in cases:
                    found = _found(workers[engine], edition, case)
                    _note(scores, engine, name, case, _among(found, edition.catalogue, knowledge), found)
            except EngineFailed as error:
                scores.failed[engine] = str(error)
                del workers[engine]
                scores.parts = {key: parts for key, parts in scores.parts.items() if key[0] != engine}


def _found(worker: Worker, edition: Edition, case: Case) -> list[Item]:
    """The first items that an engine finds, each once."""
    limit = max(FIRST) if worker.engine == OURS else _PASSAGES
    vector = [] if worker.engine == OURS else edition.embedding.vector(case.question).tolist()
    found, _ = worker.find(case.question, vector, limit)
    return list(dict.fromkeys(found))


def _among(found: Sequence[Item], catalogue: Catalogue, knowledge: Knowledge) -> Callable[[Item, Ref], bool]:
    items = {one: catalogue.item(*one) for one in found}

    def is_right(one: Item, ref: Ref) -> bool:
        item = items[one]
        return item is not None and is_part(item, ref, knowledge)  # type: ignore[arg-type]  # has what it looks at

    return is_right


def _note(
    scores: Scores, engine: str, name: str, case: Case, is_right: Callable[[Item, Ref], bool], found: Sequence[Item]
) -> None:
    for first in FIRST:
        part = share(found, case.expect, first, is_right)
        if part is not None:
            scores.note(engine, name, first, part)


def text(scores: Scores, real: bool, load: float) -> str:
    """The section."""
    learned, fresh = (LEARNED, FRESH) if real else (SAMPLE_SETS, ())
    parts = [
        "Share of the expected items that are among the first 5 / first 10 different items found (one of several, "
        "where one is enough; of an overview its core), over questions that begin a conversation. Every engine has the "
        "same passages and vectors as above. An item below an expected one counts for it, for all alike. "
        "Ours is the finder alone: what the service does before and after it (follow-ups, overviews, lists, whether "
        "what was found answers) is in [other figures](answering-figures.md).",
        _table(scores, learned),
    ]
    if real:
        parts.insert(1, "Sets that our ranking was developed and trained with, so these flatter ours:")
        parts += ["Sets that `make train` does not learn from:", _table(scores, fresh)] if scores.sets(fresh) else []
    else:
        parts.insert(1, "The real papers are not at hand: asked over the sample corpus alone.")
    if scores.left_out:
        parts.append(
            f"**Left out**, as their papers are not at hand or could not be read: {_counted(scores.left_out)}."
        )
    if scores.failed:
        parts.append(f"**Not compared:** {'; '.join(f'{NAMES[one]} ({why})' for one, why in scores.failed.items())}.")
    return "\n\n".join([*parts, f"![Share of the expected items among the first ten]({PLOT})", circumstances(load)])


def _counted(left_out: Mapping[str, int]) -> str:
    return ", ".join(f"{count} cases of {name}" for name, count in left_out.items())


def _table(scores: Scores, names: Sequence[str]) -> str:
    sets = scores.sets(names)
    counts = [len(next(parts for (_, one, _), parts in scores.parts.items() if one == name)) for name in sets]
    heads = ("", *(f"{name} ({count})" for name, count in zip(sets, counts, strict=True)), "all, first ten with 95 %")
    return table(heads, [_row(scores, engine, sets) for engine in NAMES])


def _row(scores: Scores, engine: str, sets: Sequence[str]) -> tuple[str, ...]:
    if engine in scores.failed:
        return (NAMES[engine], *["not compared"] * (len(sets) + 1))
    cells = [" / ".join(_shown(scores.of(engine, [name], first)) for first in FIRST) for name in sets]
    total = scores.of(engine, sets, FIRST[-1])
    bounds = f" ({total.low:.2f}–{total.high:.2f})" if total else ""
    return (NAMES[engine], *cells, f"{_shown(total)}{bounds}")


def _shown(value: Estimate | None) -> str:
    return f"{value.value:.2f}" if value else "–"


def _plot(scores: Scores) -> str:
    groups: dict[str, dict[str, float]] = {}
    for name in scores.sets((*LEARNED, *FRESH, *SAMPLE_SETS)):
        values = {NAMES[engine]: scores.of(engine, [name], FIRST[-1]) for engine in NAMES}
        groups[name] = {engine: value.value for engine, value in values.items() if value}
    return bars(groups, "share of the expected items among the first ten")
