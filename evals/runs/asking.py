"""Which service a command asks: a running one, the current edition, or the sample corpus made for a while."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path

from evals.cases import is_held
from evals.runs.targets import InProcess, Target, in_process, over_http
from service.composition import make_store
from service.settings import Settings

Prepare = Callable[[Settings], None]


def shipped_cases() -> tuple[Path, ...]:
    """The files of cases over the sample corpus, without those that are held back."""
    folder = Path(str(files("evals"))) / "cases"
    return tuple(sorted(one for one in folder.glob("sample-*.jsonl") if not is_held(one)))


@contextmanager
def target_of(settings: Settings, url: str | None) -> Iterator[Target]:
    """The running service at `url`, else the current edition of the data folder."""
    if url:
        with over_http(url) as running:
            yield running
    else:
        with in_process(settings) as here:
            yield here


@contextmanager
def sample_target(settings: Settings, prepare: Prepare) -> Iterator[InProcess]:
    """The sample corpus: the current edition where it holds nothing else, or one that is made for a while."""
    if _is_sample(settings):
        with in_process(settings) as here:
            yield here
        return
    with tempfile.TemporaryDirectory() as folder:
        made = settings.model_copy(update={"data_dir": Path(folder), "chroma_url": None})
        prepare(made)
        with in_process(made) as here:
            yield here


def _is_sample(settings: Settings) -> bool:
    store = make_store(settings)
    if store.current_name() is None:
        return False
    with closing(store.open()) as edition:
        return all(one.sample for one in edition.catalogue.documents.values())
