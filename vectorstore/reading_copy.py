"""A private copy of Chroma's folder for one reader: Chroma notes in its database who opened it, even to read.

So a finished edition never changes, and one that may not be written to can be read. A copy that a killed reader left
is removed by the next one, but for systems without `flock`, where it stays.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from weakref import finalize

from vectorstore.disk_space import full_disk_told, temporary_folder

if sys.platform != "win32":
    import fcntl

PREFIX = "strategielotse-"
LOCK = "in-use.lock"
FOLDER = "chroma"


class ReadingCopy:
    """A copy in the folder for temporary files; gone with `remove`, or when nobody holds it any more."""

    def __init__(self, source: Path) -> None:
        """Copy a folder; raises NoSpace, and OSError where it cannot be read."""
        remove_abandoned()
        with full_disk_told(temporary_folder()):
            home, lock = _locked_folder()
            self.folder = home / FOLDER
            self.remove = finalize(self, _remove, home, lock, os.getpid())
            try:
                _copy(source, self.folder)
            except OSError:
                self.remove()
                raise


def remove_abandoned() -> None:
    """Remove this user's copies that no process holds."""
    for home in temporary_folder().glob(f"{PREFIX}*"):
        with suppress(OSError):  # removed by another reader at the same moment
            if _ours(home):
                _remove_if_free(home)


def _remove_if_free(home: Path) -> None:
    lock = _opened(home)
    if _holds(lock):
        _remove(home, lock, os.getpid())
    else:
        os.close(lock)


def _ours(home: Path) -> bool:
    found = home.lstat()
    return sys.platform != "win32" and stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def _locked_folder() -> tuple[Path, int]:
    """A new folder that is held; begins anew where another reader took it for abandoned before it was."""
    while True:
        home = Path(mkdtemp(prefix=PREFIX, dir=temporary_folder()))
        try:
            lock = _opened(home)
        except FileNotFoundError:
            continue
        except OSError:
            home.rmdir()
            raise
        if _holds(lock) and os.fstat(lock).st_nlink:
            return home, lock
        os.close(lock)


def _opened(home: Path) -> int:
    return os.open(home / LOCK, os.O_CREAT | os.O_RDWR, 0o600)


def _holds(lock: int) -> bool:
    """Take the lock, which ends with its process or its closing; False where another has it."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    """Copy contents without modes: what may not be written there may be here."""
    target.mkdir()
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir()
        else:
            shutil.copyfile(path, place)


def _remove(home: Path, lock: int, owner: int) -> None:
    if os.getpid() != owner:  # a forked child has the object too, and not the right
        return
    shutil.rmtree(home, ignore_errors=True)
    os.close(lock)
