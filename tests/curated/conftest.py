"""Services over the sample edition with curated answers of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from service.answering.service import AnswerService
from service.curated.models import CuratedAnswer
from service.curated.served import Curated
from service.curated.store import CuratedStore
from service.settings import load_settings
from vectorstore.database import Database
from vectorstore.editions import EditionStore

REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def bare(sample_data: Path) -> Iterator[AnswerService]:
    """The service without curated answers."""
    with closing(EditionStore(sample_data).open()) as edition:
        yield AnswerService(edition, load_settings(data_dir=sample_data))


@pytest.fixture
def kept(tmp_path: Path) -> CuratedStore:
    return CuratedStore(Database(tmp_path))


@pytest.fixture
def service(bare: AnswerService, kept: CuratedStore) -> Iterator[AnswerService]:
    """The service with the curated answers of `kept`, on a fixed day."""
    before, bare.curated = bare.curated, Curated(bare.parts, kept, lambda: TODAY)
    yield bare
    bare.curated = before


def night_bus(**changes: object) -> CuratedAnswer:
    """A valid curated answer, with changes."""
    fields: dict[str, object] = {
        "question": "Bis wann fährt der Nachtbus?",
        "wordings": ("Wie lange fährt nachts noch ein Bus?",),
        "text": "Die drei Nachtlinien fahren freitags und samstags bis 3:30 Uhr. Eine Reservierung ist nicht nötig.",
        "citations": ((REPORT, "5.1.1.1"),),
        "owner": "Stabsstelle Beteiligung",
        "valid_until": date(2027, 6, 30),
    }
    return CuratedAnswer(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.fixture
def make_kept(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], CuratedStore]:
    """Make a store of its own each time."""
    return lambda: CuratedStore(Database(tmp_path_factory.mktemp("kept")))
