"""A trained file: from the folder of a county's own training where it holds one, else the one that is shipped."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from service.settings import PREFIX, SettingsError

Trained = TypeVar("Trained")


class TrainedError(SettingsError):
    """The folder of a county's own training, or a file in it, is no good; the message is one sentence for people."""


def own_or_shipped(folder: Path | None, name: str, unpacked: Callable[[bytes], Trained]) -> Trained:
    """Return what the file `name` holds; `unpacked` raises ValueError for other contents.

    Raises TrainedError where the folder is missing, or its file cannot be read or is none of this version.
    """
    setting = f"{PREFIX}TRAINED_DIR={folder}"
    if folder is not None and not folder.is_dir():
        raise TrainedError(f"{setting}: Diesen Ordner gibt es nicht; 'strategielotse eval train --to' legt ihn an.")
    if folder is None or not (folder / name).exists():
        return unpacked(files("service.answer.trained").joinpath(name).read_bytes())
    try:
        return unpacked((folder / name).read_bytes())
    except OSError as error:
        raise TrainedError(f"{setting}: {name} ist nicht lesbar ({error.strerror}).") from None
    except ValueError:
        raise TrainedError(
            f"{setting}: {name} ist beschädigt oder von anderer Version; 'strategielotse eval train' schreibt sie neu."
        ) from None
