"""What was learned and is live: numbered sets of files below `learned`, one of them named in `current`.

They lie where `Texts` keeps what people decide: in the data folder, or in the database that machines share. Then each
machine has a copy of what is live in its cache, as trained files are read from a folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from service.settings import Settings
from vectorstore.edition_files import write_durably
from vectorstore.errors import StoreAway
from vectorstore.private_modes import private_folder

if TYPE_CHECKING:
    from vectorstore.kept_texts import Texts

FOLDER, EXAMPLES = "learned", "examples.jsonl"
CURRENT, CANDIDATE = f"{FOLDER}/current", f"{FOLDER}/candidate-"
_COPIES, _KNOWN, _PART = Path("cache") / FOLDER, "known", ".part"


class Learned:
    """What one installation learned, as the machine with this data folder has it. Methods raise StoreAway, OSError."""

    def __init__(self, texts: Texts, data_dir: Path) -> None:
        self._texts = texts
        self._copies = data_dir / _COPIES
        self._known: str | None = None
        self._taken_over = False

    @property
    def _is_here(self) -> bool:
        return self._texts.folder(FOLDER) is not None

    def live_name(self) -> str:
        """The name of what is live, "" while nothing is."""
        if not self._taken_over and not self._is_here:
            self._texts.all(f"{FOLDER}/")  # this machine's own, all at once: no other one sees a name without its files
        self._taken_over = True
        self._known = (self._texts.get(CURRENT) or b"").decode().strip()
        return self._known

    def last_known_name(self) -> str:
        """The same as far as this machine knows; never raises StoreAway, and asks no database that it asked before."""
        if self._known is None or self._is_here:
            try:
                return self.live_name()
            except StoreAway:
                self._known = self._noted()[0]
        return self._known

    def live_folder(self) -> Path | None:
        """The folder of what is live, None while nothing is; the last one known here while the database is away."""
        try:
            name = self.live_name()
            return self._folder_of(name) if name else None
        except StoreAway:
            copy = self._copies / self._noted()[1]
            return copy if self._noted()[1] and copy.is_dir() else None

    def live_examples(self) -> str:
        """The examples that the live reader learned from."""
        name = self.live_name()
        return (self._texts.get(f"{FOLDER}/{name}/{EXAMPLES}") or b"").decode() if name else ""

    def in_effect(self, settings: Settings) -> Settings:
        """The settings with what is live in place of a county's own training, which it was made from."""
        folder = self.live_folder()
        return settings if folder is None else settings.model_copy(update={"trained_dir": folder})

    def keep_candidate(self, examples: str, folder: Path) -> None:
        """Keep the files that were trained from these examples, in place of those of earlier trials."""
        self.drop_candidates()
        for path in sorted(folder.iterdir()):
            self._texts.put(f"{_candidate(examples)}/{path.name}", path.read_bytes())

    def drop_candidates(self) -> None:
        """Remove what earlier trials trained."""
        self._remove(self._texts.all(CANDIDATE))

    def has_candidate(self, examples: str) -> bool:
        """Tell whether what was trained from these examples is still there."""
        return self._texts.get(f"{_candidate(examples)}/{EXAMPLES}") is not None

    def make_live(self, examples: str) -> str:
        """Name the candidate of these examples as live, remove those before the last; returns its name."""
        before, known = self.live_name(), self._texts.all(f"{FOLDER}/")
        numbers = {int(part) for one in known if (part := one.split("/")[1]).isdigit()}
        name = str(max(numbers, default=0) + 1)
        candidate = self._texts.all(f"{_candidate(examples)}/")
        for one, content in candidate.items():
            self._texts.put(f"{FOLDER}/{name}/{Path(one).name}", content)
        self._texts.put(CURRENT, f"{name}\n".encode())
        kept = {name, before}
        old = {one for one in known if (part := one.split("/")[1]).isdigit() and part not in kept}
        self._remove(dict.fromkeys(old | candidate.keys()))
        return name

    def _remove(self, names: Mapping[str, object]) -> None:
        for name in names:
            self._texts.remove(name)

    def _folder_of(self, name: str) -> Path | None:
        here = self._texts.folder(f"{FOLDER}/{name}")
        return here if here is not None else self._copied(name, self._texts.all(f"{FOLDER}/{name}/"))

    def _copied(self, name: str, files: Mapping[str, bytes]) -> Path | None:
        """A folder of this machine with these files, of its own for other content, as trained files are remembered."""
        if not files:
            return None
        digest = sha256(b"".join(one.encode() + sha256(content).digest() for one, content in files.items()))
        folder = self._copies / digest.hexdigest()[:16]
        if not folder.is_dir():
            private_folder(self._copies)
            part = Path(mkdtemp(suffix=_PART, dir=self._copies))
            for one, content in files.items():
                write_durably(part / Path(one).name, content)
            try:
                part.rename(folder)
            except OSError:  # another process was faster
                shutil.rmtree(part, ignore_errors=True)
            for other in self._copies.iterdir():
                if other.is_dir() and other.suffix != _PART and other.name not in (folder.name, self._noted()[1]):
                    shutil.rmtree(other, ignore_errors=True)
        write_durably(self._copies / _KNOWN, f"{name} {folder.name}\n")
        return folder

    def _noted(self) -> tuple[str, str]:
        """The name of what this machine saw live last, and the folder of its copy; "" for each where there is none."""
        try:
            name, _, folder = (self._copies / _KNOWN).read_text(encoding="utf-8").strip().partition(" ")
        except FileNotFoundError:
            return "", ""
        return name, folder


def _candidate(examples: str) -> str:
    return f"{CANDIDATE}{sha256(examples.encode()).hexdigest()[:12]}"
