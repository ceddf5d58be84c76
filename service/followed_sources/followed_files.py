"""What is known of the files of followed sources: one text for each file in the database, the files
themselves in a private folder until somebody decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256
from io import BufferedRandom
from pathlib import Path

from pydantic import BaseModel

from service.followed_sources.listing import ListedFile
from vectorstore import Texts
from vectorstore.records import Provenance
from vectorstore.storage import UNFINISHED_SUFFIX, private_file, private_folder, sync_path

FOLDER = Path("incoming") / "sources"
_FILES = "followed-files/"
_RUNS = "followed-runs/"


class FollowedFile(BaseModel, frozen=True):
    """A file of a source as it was last `listed`, `asked` for and fetched (`provenance`).

    `document_id` is that of its document, `file` the name of its content, "" for what is no
    document. `job` reads it into a draft. `gone_since` is the day on which it was no longer there;
    an `ignored` one is never asked for again.
    """

    source: str
    listed: ListedFile
    document_id: str
    provenance: Provenance
    asked: datetime
    file: str = ""
    last_modified: str = ""
    metadata: dict[str, str] = {}
    job: str = ""
    gone_since: date | None = None
    ignored: bool = False

    @property
    def id(self) -> str:
        """A name for it in addresses and in the database."""
        return sha256(f"{self.source}\0{self.listed.key}".encode()).hexdigest()[:32]


class SourceRun(BaseModel, frozen=True):
    """When a source was last `tried`, read to its end (`listed`), and as a whole; `problem` is what
    failed the last time.
    """

    tried: datetime
    listed: datetime | None = None
    whole: datetime | None = None
    problem: str = ""


class FollowedFiles:
    """The files of all sources, for threads and processes; methods raise StoreUnavailable."""

    def __init__(self, texts: Texts, data_dir: Path) -> None:
        self._texts, self._folder = texts, data_dir / FOLDER

    def all(self, source: str | None = None) -> list[FollowedFile]:
        """Return all files, or those of a source."""
        files = [FollowedFile.model_validate_json(x) for x in self._texts.all(_FILES).values()]
        return [file for file in files if source in (None, file.source)]

    @contextmanager
    def receiving(self) -> Iterator[BufferedRandom]:
        """Yield an empty file for the content that is fetched next; one process fetches at a time.

        It is removed at the end of the block unless `put` has renamed it.
        """
        private_folder(self._folder)
        unfinished = self._folder / f"fetched{UNFINISHED_SUFFIX}"
        private_file(unfinished)
        try:
            with unfinished.open("w+b") as content:
                yield content
        finally:
            unfinished.unlink(missing_ok=True)

    def put(self, file: FollowedFile, content: BufferedRandom | None = None) -> None:
        """Store a file, and what was received for it; `content` is that of `receiving`, None for no
        document.

        The content is stored first, durably, so that no stored file lacks it.
        """
        if content is not None:
            content.flush()
            received = Path(content.name)
            sync_path(received)
            received.replace(self.path(file))
            sync_path(self._folder)
        self._texts.put(_FILES + file.id, file.model_dump_json().encode())

    def update(self, name: str, **values: object) -> None:
        """Change a file that somebody else may change at the same time."""
        change = _with(values)
        self._texts.change(_FILES + name, change)

    def remove(self, file: FollowedFile) -> None:
        """Forget a file; what was fetched of it goes with the next `keep_contents`."""
        self._texts.remove(_FILES + file.id)

    def keep_contents(self, names: Collection[str]) -> None:
        """Delete all stored contents but these; only while nobody else fetches."""
        for path in self._contents():
            if path.name not in names:
                path.unlink(missing_ok=True)

    def count_bytes(self) -> int:
        """Return how much all stored contents take."""
        return sum(path.stat().st_size for path in self._contents())

    def _contents(self) -> list[Path]:
        return list(self._folder.iterdir()) if self._folder.is_dir() else []

    def path(self, file: FollowedFile) -> Path:
        """Return where the content of a file is."""
        return self._folder / file.file

    def last_run(self, source: str) -> SourceRun | None:
        """Return the last run over a source."""
        content = self._texts.get(_RUNS + source)
        return SourceRun.model_validate_json(content) if content else None

    def put_run(self, source: str, run: SourceRun) -> None:
        """Store the last run over a source."""
        self._texts.put(_RUNS + source, run.model_dump_json().encode())


def _with(values: dict[str, object]) -> Callable[[bytes | None], bytes | None]:
    """Return a change of a stored file that sets values; a file that was removed meanwhile stays
    so.
    """

    def change(content: bytes | None) -> bytes | None:
        if content is None:
            return None
        file = FollowedFile.model_validate_json(content)
        return file.model_copy(update=values).model_dump_json().encode()

    return change
