"""The papers that cases are over: each corpus in an edition of its own, kept until papers or reader change."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from service.composition import make_store
from service.settings import Settings, load_settings

REAL = "real"
_READERS = ("ingest", "vectorstore", "prompts")
_SETS = TypeAdapter(dict[str, tuple[str, ...]])


class CorpusError(ValueError):
    """A corpus cannot be asked; the message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Ingestion:
    """What ingestion does for evaluation, given by the composition root.

    `papers` are the readable files of a folder by the id that they get without a register; `ingest` publishes an
    edition of these files, or of a register, in the settings' data folder, and raises an error where one is rejected.
    """

    papers: Callable[[Path], Mapping[str, Path]]
    ingest: Callable[[Settings, Sequence[Path], Path | None], None]


@dataclass(frozen=True, slots=True)
class Corpora:
    """Where papers lie: a folder of them, the register that cases without a corpus are over, and sets of papers.

    Editions are made below `build`.
    """

    ingestion: Ingestion
    build: Path
    papers: Path | None = None
    register: Path | None = None
    sets: Path | None = None

    def files_of(self, names: Sequence[str]) -> dict[str, tuple[Path, ...]]:
        """Return the files of each corpus, none for the register; raises CorpusError for one that is not there."""
        several = self._sets()
        single = self.ingestion.papers(self.papers) if self.papers and self.papers.is_dir() else {}
        return {name: self._files(name, single, several) for name in dict.fromkeys(names)}

    def edition_of(self, name: str, papers: Sequence[Path]) -> Settings:
        """Return the settings of a data folder with exactly these papers, made where it is not there yet."""
        folder = self.build / f"{name}-{self._digest(papers)}"
        settings = load_settings(data_dir=folder.absolute()).model_copy(update={"chroma_url": None})
        if make_store(settings).current_name() is None:
            self._forget(name)
            self.ingestion.ingest(settings, papers, None if papers else self.register)
        return settings

    def _files(self, name: str, single: Mapping[str, Path], several: Mapping[str, Sequence[str]]) -> tuple[Path, ...]:
        if name == REAL:
            if self.register is None or not self.register.is_file():
                raise CorpusError("Fälle ohne „corpus“ brauchen ein Register: --corpus DATEI.")
            return ()
        if self.papers is None or not self.papers.is_dir():
            raise CorpusError(f"Für „{name}“ fehlt der Ordner mit Papieren: --papers ORDNER.")
        if name in several:
            found = tuple(self.papers / one for one in several[name])
            if missing := [path.name for path in found if not path.is_file()]:
                raise CorpusError(f"In {self.papers} fehlt für „{name}“: {', '.join(missing)}.")
            return found
        if name not in single:
            raise CorpusError(f"In {self.papers} gibt es kein Papier „{name}“, und keine Gruppe heißt so.")
        return (single[name],)

    def _sets(self) -> dict[str, tuple[str, ...]]:
        path = self.sets or Path(str(files("evals"))) / "cases" / "sets.toml"
        try:
            with path.open("rb") as file:
                return _SETS.validate_python(tomllib.load(file))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise CorpusError(f"{path} ist nicht lesbar ({error}).") from None
        except ValidationError:
            raise CorpusError(
                f"{path}: Eine Gruppe von Papieren ist ein Name mit einer Liste von Dateinamen."
            ) from None

    def _digest(self, papers: Sequence[Path]) -> str:
        """The digest of what is read and of what reads it."""
        register = [self.register, *_beside(self.register)] if not papers and self.register else []
        made = sha256()
        for path in (*papers, *register, *_reader()):
            made.update(f"{path.name}\0".encode() + sha256(path.read_bytes()).digest())
        return made.hexdigest()[:16]

    def _forget(self, name: str) -> None:
        """Remove what was made of earlier states of a corpus."""
        for folder in self.build.glob(f"{name}-{'[0-9a-f]' * 16}"):
            shutil.rmtree(folder)


def _beside(register: Path) -> list[Path]:
    """The files below a register's folder, which it names by paths relative to itself."""
    return sorted(path for path in register.parent.rglob("*") if path.is_file() and path != register)


def _reader() -> Iterator[Path]:
    """The files of the packages that make an edition."""
    for name in _READERS:
        spec = find_spec(name)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            yield from sorted(
                path for path in Path(place).rglob("*") if path.is_file() and path.suffix not in (".pyc", ".pdf")
            )
