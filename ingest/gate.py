"""A gate before publishing: thresholds that what was read has to meet, each failure told in one sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.report.report import IngestReport
from vectorstore.records import Document, ItemKind, ParsedDocument

Evaluate = Callable[[Sequence[Path]], tuple[int, int]]  # files of cases → how many are fully right, of how many
Papers = Mapping[str, ParsedDocument]


class GateError(Exception):
    """A file of thresholds that cannot be used; the message says why, in German."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CasesGate(_Part):
    """Cases of `eval` that are asked over the draft: files beside the gate's, and the least share fully right."""

    files: tuple[Path, ...] = Field(min_length=1)
    least_right: float = Field(ge=0, le=1)


class Gate(_Part):
    """Thresholds; what is left out is not asked for. Shares go from 0 to 1.

    `least_pages` is the share of a document's pages that hold text, `least_coverage` of its characters that stand in a
    passage, `least_records` the number of goals, measures and the like in each document that was read, `most_lost` how
    many records of the published edition may be missing, `rejected` whether files may be rejected.
    """

    least_pages: float | None = Field(default=None, ge=0, le=1)
    least_coverage: float | None = Field(default=None, ge=0, le=1)
    least_records: int | None = Field(default=None, ge=0)
    most_lost: int | None = Field(default=None, ge=0)
    rejected: bool = True
    cases: CasesGate | None = None


def load_gate(path: Path) -> Gate:
    """Read thresholds from TOML; raises GateError where they cannot be read, or files of cases are missing."""
    try:
        gate = Gate.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise GateError(f"{path}: Die Schwellen sind nicht lesbar ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GateError(f"{path}: Die Schwellen sind kein gültiges TOML ({error}).") from error
    except ValidationError as error:
        told = [f"{'.'.join(map(str, one['loc']))}: {_wrong(one['type'])}" for one in error.errors()]
        raise GateError(f"{path}: Die Schwellen sind falsch: {'; '.join(told)}.") from error
    if gate.cases is None:
        return gate
    files = tuple(path.parent / one for one in gate.cases.files)
    if missing := [str(one) for one in files if not one.is_file()]:
        raise GateError(f"{path}: Diese Fälle gibt es nicht: {', '.join(missing)}.")
    return gate.model_copy(update={"cases": gate.cases.model_copy(update={"files": files})})


def missed(
    gate: Gate, report: IngestReport, papers: Papers, lost: Sequence[str], evaluate: Evaluate
) -> tuple[str, ...]:
    """Return a sentence for each threshold that is missed.

    `papers` are all documents of the draft by id, `lost` names records of the published edition that it lacks. Only
    documents of this run are held to what a document must have. Cases are asked last, and only where all else holds.
    """
    read = [papers[one.id] for one in report.files if not one.is_rejected and one.id in papers]
    told = [*_rejected(gate, report), *(one for paper in read for one in _of_paper(gate, paper)), *_lost(gate, lost)]
    if gate.cases is not None and not told:
        told += _cases(gate.cases, evaluate)
    return tuple(told)


def pages_read(document: Document) -> float:
    """Return the share of a document's pages that hold text, 1 where it has none."""
    starts = [page.start for page in document.pages]
    ends = [*starts[1:], len(document.text)]
    filled = sum(bool(document.text[start:end].strip()) for start, end in zip(starts, ends, strict=False))
    return filled / len(starts) if starts else 1.0


def covered(document: Document) -> float:
    """Return the share of a document's visible characters that stand in a passage, 1 where nothing is known."""
    coverage = document.coverage
    whole = coverage.body + coverage.lost if coverage is not None else 0
    return coverage.body / whole if coverage is not None and whole else 1.0


def _of_paper(gate: Gate, paper: ParsedDocument) -> Iterator[str]:
    document = paper.document
    if gate.least_pages is not None and (share := pages_read(document)) < gate.least_pages:
        yield f"{document.id}: Text steht auf {_percent(share)} der Seiten, verlangt sind {_percent(gate.least_pages)}."
    if gate.least_coverage is not None and (share := covered(document)) < gate.least_coverage:
        wanted = _percent(gate.least_coverage)
        yield f"{document.id}: {_percent(share)} der Zeichen stehen in einer Textstelle, verlangt sind {wanted}."
    records = sum(item.kind is not ItemKind.SECTION for item in paper.items)
    if gate.least_records is not None and records < gate.least_records:
        yield f"{document.id}: Gefunden sind {records} Einträge, verlangt sind {gate.least_records}."


def _rejected(gate: Gate, report: IngestReport) -> Iterator[str]:
    if not gate.rejected and report.rejected:
        names = ", ".join(one.file or one.id for one in report.rejected)
        yield f"Abgelehnte Dateien: {len(report.rejected)} ({names}), verlangt ist keine."


def _lost(gate: Gate, lost: Sequence[str]) -> Iterator[str]:
    if gate.most_lost is not None and len(lost) > gate.most_lost:
        shown = ", ".join(lost[:5]) + (" …" if len(lost) > 5 else "")
        most = f"höchstens {gate.most_lost} dürfen es"
        yield f"Einträge der veröffentlichten Ausgabe fehlen: {len(lost)} ({shown}), {most}."


def _cases(gate: CasesGate, evaluate: Evaluate) -> Iterator[str]:
    right, asked = evaluate(gate.files)
    if right < gate.least_right * asked:
        yield f"Ganz richtig sind {right} von {asked} Fällen, verlangt sind {_percent(gate.least_right)}."


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


def _wrong(kind: str) -> str:
    return {"extra_forbidden": "gibt es nicht", "missing": "fehlt"}.get(kind, "ist kein Wert, der hier geht")
