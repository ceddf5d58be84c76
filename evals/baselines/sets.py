"""Several case files over several editions, measured together: "CASES=DATA_DIR" each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from evals.cases import Case, load_cases
from service.composition import make_store
from service.settings import Settings, load_settings
from vectorstore.edition import Edition


class SetError(ValueError):
    """A set is not given as it must be; the message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Cases with the open edition that they are asked over."""

    edition: Edition
    settings: Settings
    cases: Sequence[Case]


@contextmanager
def open_sets(entries: Sequence[str]) -> Iterator[list[CaseSet]]:
    """A set for each data folder, with the cases of all its files in the order given.

    Raises SetError, CaseError, SettingsError, and StoreError where a folder holds no edition.
    """
    files = _files_by_folder(entries)
    with ExitStack() as stack:
        found = []
        for folder, paths in files.items():
            cases = load_cases(*paths)
            settings = load_settings(data_dir=folder)
            edition = stack.enter_context(closing(make_store(settings).open()))
            found.append(CaseSet(edition, settings, cases))
        yield found


def _files_by_folder(entries: Sequence[str]) -> dict[Path, list[Path]]:
    files: dict[Path, list[Path]] = {}
    for entry in entries:
        path, _, folder = entry.rpartition("=")
        if not path or not folder:
            raise SetError(f"--set braucht FÄLLE=ORDNER, nicht „{entry}“.")
        if not Path(path).is_file():
            raise SetError(f"Die Falldatei {path} gibt es nicht.")
        files.setdefault(Path(folder).absolute(), []).append(Path(path))
    return files
