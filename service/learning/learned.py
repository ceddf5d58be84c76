"""What was learned and is live: numbered folders below `learned` of the data folder, one of them named in `current`."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

from service.settings import Settings
from vectorstore.edition_files import write_durably
from vectorstore.private_modes import close_to_others, private_folder

FOLDER, CURRENT, CANDIDATE, EXAMPLES = "learned", "current", "candidate-", "examples.jsonl"


def folder_of(data_dir: Path) -> Path:
    """The folder of all that was learned."""
    return data_dir / FOLDER


def live_name(data_dir: Path) -> str:
    """The name of what is live, "" while nothing is."""
    try:
        return (folder_of(data_dir) / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def live_folder(data_dir: Path) -> Path | None:
    """The folder of what is live, None while nothing is."""
    name = live_name(data_dir)
    return folder_of(data_dir) / name if name else None


def live_examples(data_dir: Path) -> str:
    """The examples that the live reader learned from."""
    folder = live_folder(data_dir)
    try:
        return (folder / EXAMPLES).read_text(encoding="utf-8") if folder else ""
    except FileNotFoundError:
        return ""


def in_effect(settings: Settings) -> Settings:
    """The settings with what is live in place of a county's own training, which it was made from."""
    folder = live_folder(settings.data_dir)
    return settings if folder is None else settings.model_copy(update={"trained_dir": folder})


def candidate_folder(data_dir: Path, examples: str) -> Path:
    """The folder of what was trained for a trial: of its own for other examples, as trained files are remembered."""
    return folder_of(data_dir) / f"{CANDIDATE}{sha256(examples.encode()).hexdigest()[:12]}"


def drop_candidates(data_dir: Path) -> None:
    """Remove what earlier trials trained."""
    for one in folder_of(data_dir).glob(f"{CANDIDATE}*"):
        shutil.rmtree(one, ignore_errors=True)


def make_live(data_dir: Path, examples: str) -> str:
    """Name the candidate of these examples as live, remove those before the last; returns its name. Raises OSError."""
    root, before = folder_of(data_dir), live_name(data_dir)
    numbers = [int(one.name) for one in root.iterdir() if one.name.isdigit()]
    name = str(max(numbers, default=0) + 1)
    close_to_others(candidate_folder(data_dir, examples))
    candidate_folder(data_dir, examples).rename(root / name)
    write_durably(root / CURRENT, f"{name}\n")
    for one in root.iterdir():
        if one.name.isdigit() and one.name not in (name, before):
            shutil.rmtree(one, ignore_errors=True)
    return name


def new_candidate(settings: Settings, examples: str) -> Path:
    """Make the folder of a candidate, with its examples and a county's own training if any. Raises OSError."""
    drop_candidates(settings.data_dir)
    folder = candidate_folder(settings.data_dir, examples)
    private_folder(folder)
    (folder / EXAMPLES).write_text(examples, encoding="utf-8")
    if settings.trained_dir is not None:
        for one in settings.trained_dir.iterdir():
            if one.is_file():
                shutil.copyfile(one, folder / one.name)
    return folder
