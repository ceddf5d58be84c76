"""The documents that cases are asked over: an edition for each corpus, reused until documents or
reader change.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from evals.case_files import Case, is_shipped
from prompts import say
from service import Settings, load_settings
from service.backup import make_store
from service.terminal import CommandError

SAMPLE = "sample"
REGISTER = "register"
OWN = "own"
LEFT_OUT = "left-out"
_READER_PACKAGES = ("ingest", "vectorstore", "prompts")


class Sets(BaseModel):
    """Files of each corpus (`papers`), and corpora of each group that is measured:
    `evals/cases/sets.toml`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    papers: dict[str, tuple[str, ...]] = {}
    groups: dict[str, tuple[str, ...]] = {}

    def group_of(self, corpus: str) -> str:
        """Return the group of a corpus; one in no group was left out of all training."""
        return next((name for name, corpora in self.groups.items() if corpus in corpora), LEFT_OUT)


def read_sets() -> Sets:
    """Return the shipped sets."""
    path = Path(str(files("evals"))) / "cases" / "sets.toml"
    return Sets.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Ingestion:
    """The functions of ingestion that evaluation needs, given by the composition root.

    `papers` are the readable files of a folder by the id that they get without a register; `ingest`
    publishes an edition of these files, or of a register, in the settings' data folder, and raises
    an error where one is rejected; `sample` does so with the sample corpus.
    """

    papers: Callable[[Path], Mapping[str, Path]]
    ingest: Callable[[Settings, Sequence[Path], Path | None], None]
    sample: Callable[[Settings], object]


@dataclass(frozen=True, slots=True)
class Corpora:
    """The sources of corpora: a folder of documents (`papers`), a register for cases without a
    corpus, an own edition.

    Editions are made below the folder `build`.
    """

    ingestion: Ingestion
    build: Path
    papers: Path | None = None
    register: Path | None = None
    own: Settings | None = None
    sets: Sets = field(default_factory=read_sets)

    def corpus_of(self, case: Case, file: Path | None = None) -> str:
        """Return the name of the corpus that a case is asked over.

        It is the corpus that the case names. If it names none, it is the sample for cases of a
        shipped `file`, else the register, and without a register the own edition.
        """
        if case.corpus:
            return case.corpus
        if file is not None and is_shipped(file):
            return SAMPLE
        return REGISTER if self.register else OWN

    def editions(self, names: Sequence[str]) -> dict[str, Settings]:
        """Return for each corpus settings with the data folder of its edition; editions are made if
        needed.

        Raises CommandError for a corpus that is not available. The files of all corpora are looked
        for first, so that this happens before any document is read.
        """
        papers_by_id: Mapping[str, Path] = {}
        if self.papers and self.papers.is_dir():
            papers_by_id = self.ingestion.papers(self.papers)
        files = {name: self._files(name, papers_by_id) for name in dict.fromkeys(names)}
        return {name: self._edition_of(name, paths) for name, paths in files.items()}

    def _edition_of(self, name: str, papers: Sequence[Path]) -> Settings:
        """Return settings with the data folder that has the edition of a corpus.

        For the own edition this is the own data folder, for the sample too if the own edition is
        the sample. Any other corpus has a folder below `build`, named by a digest of its documents
        and of the code that reads them: if the folder has no edition yet, the edition is made, and
        the folders of earlier digests are deleted.
        """
        if self.own is not None:
            is_own_edition = name == OWN or (name == SAMPLE and _is_sample(self.own))
            if is_own_edition:
                return self.own
        folder = self.build / f"{name}-{self._digest(name, papers)}"
        settings = settings_of_folder(folder)
        if make_store(settings).current_name() is None:
            # of as many digits as `_digest` has
            for earlier in self.build.glob(f"{name}-{'[0-9a-f]' * 16}"):
                shutil.rmtree(earlier)
            if name == SAMPLE:
                self.ingestion.sample(settings)
            else:
                self.ingestion.ingest(settings, papers, None if papers else self.register)
        return settings

    def _files(self, name: str, papers_by_id: Mapping[str, Path]) -> tuple[Path, ...]:
        """Return the files of a corpus: those that the sets list under its name, else the file with
        this name as its id in `papers_by_id`.

        Returns () for the register, the own edition and the sample, whose files are found
        elsewhere. Raises CommandError if a file, the folder of papers or the register is missing.
        """
        if name == REGISTER and (self.register is None or not self.register.is_file()):
            raise CommandError(say("evaluation.register_needed"))
        if name in (REGISTER, OWN, SAMPLE):
            return ()
        if self.papers is None or not self.papers.is_dir():
            raise CommandError(say("evaluation.folder_needed", name=name))
        if name in self.sets.papers:
            results = tuple(self.papers / file for file in self.sets.papers[name])
            missing = ", ".join(path.name for path in results if not path.is_file())
            if missing:
                raise CommandError(
                    say("evaluation.papers_missing", papers=self.papers, name=name, missing=missing)
                )
            return results
        if name not in papers_by_id:
            raise CommandError(say("evaluation.no_such_paper", papers=self.papers, name=name))
        return (papers_by_id[name],)

    def _digest(self, name: str, papers: Sequence[Path]) -> str:
        """Return a digest of the documents of a corpus and of the code that reads them: if it is
        the same, so is the edition. For a register all files beside and below it count.
        """
        paths = list(papers)
        if name == REGISTER and self.register:
            paths += sorted(filter(Path.is_file, self.register.parent.rglob("*")))
        paths += _reader_files()
        digest = sha256()
        for path in paths:
            digest.update(f"{path.name}\0".encode() + sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]


def settings_of_folder(folder: Path) -> Settings:
    """Return settings with this data folder, whose editions need no Chroma server."""
    return load_settings(data_dir=folder.absolute()).model_copy(update={"chroma_url": None})


def _is_sample(settings: Settings) -> bool:
    """True if a data folder has an edition, and this is the sample corpus alone."""
    store = make_store(settings)
    if store.current_name() is None:
        return False
    with closing(store.open()) as edition:
        return all(document.sample for document in edition.catalogue.documents.values())


def _reader_files() -> Iterator[Path]:
    """Yield the files of the packages that make an edition, in a fixed order. Compiled files and
    PDFs do not change how documents are read.
    """
    for name in _READER_PACKAGES:
        paths = Path(str(files(name))).rglob("*")
        yield from sorted(
            path for path in paths if path.is_file() and path.suffix not in (".pyc", ".pdf")
        )
