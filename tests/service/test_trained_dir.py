"""A folder of a county's own training that is no good: one sentence at start, with what mends it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from service.answering.trained import ranking, sentences
from service.answering.trained.own import TrainedError
from service.answering.understanding import classifier
from service.app import create_app
from service.composition import require_trained
from service.settings import Settings

SHIPPED = files("service.answering.trained")


def written(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return folder


def other_classes(folder: Path) -> Path:
    own = classifier.classifier()
    heads = dict(own.heads)
    heads["yesno"] = replace(heads["yesno"], classes=("nein", "ja"))
    return written(folder, classifier.NAME, classifier.packed(replace(own, heads=heads)))


def fewer_features(folder: Path) -> Path:
    own = classifier.classifier()
    return written(folder, classifier.NAME, classifier.packed(replace(own, rarity=own.rarity[:-1])))


def cut_off(folder: Path) -> Path:
    return written(folder, classifier.NAME, SHIPPED.joinpath(classifier.NAME).read_bytes()[:-100])


def damaged_inside(folder: Path) -> Path:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("heads.json", "[1]")
    return written(folder, classifier.NAME, content.getvalue())


def reader_for_changes(folder: Path) -> Path:
    return written(folder, classifier.CHANGES, SHIPPED.joinpath(classifier.NAME).read_bytes())


def other_weights(folder: Path) -> Path:
    return written(folder, sentences.NAME, json.dumps({"weights": {"words": 1.0}}).encode())


def no_numbers(folder: Path) -> Path:
    weights = dict.fromkeys(sentences.FEATURES, None)
    return written(folder, sentences.NAME, json.dumps({"weights": weights}).encode())


def no_object(folder: Path) -> Path:
    return written(folder, sentences.NAME, b"[]")


def other_ranking(folder: Path) -> Path:
    return written(folder, ranking.NAME, json.dumps({"weights": {"dense": 1.0}}).encode())


def below_zero(folder: Path) -> Path:
    return written(folder, ranking.NAME, json.dumps({"weights": dict.fromkeys(ranking.LEARNED, -1.0)}).encode())


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (other_classes, "questions.npz"),
        (fewer_features, "questions.npz"),
        (cut_off, "questions.npz"),
        (damaged_inside, "questions.npz"),
        (reader_for_changes, "changes.npz"),
        (other_weights, "sentences.json"),
        (no_numbers, "sentences.json"),
        (no_object, "sentences.json"),
        (other_ranking, "ranking.json"),
        (below_zero, "ranking.json"),
    ],
)
def test_a_file_that_is_broken_or_of_another_version(tmp_path: Path, make: Callable[[Path], Path], name: str) -> None:
    folder = make(tmp_path / "own")
    settings = Settings(data_dir=tmp_path / "data", trained_dir=folder)
    with pytest.raises(TrainedError) as caught:
        require_trained(settings)
    assert str(caught.value).startswith(f"STRATEGIELOTSE_TRAINED_DIR={folder}: {name} ist beschädigt oder von anderer")
    with pytest.raises(TrainedError):
        create_app(settings)


def test_a_folder_without_files_takes_what_is_shipped(tmp_path: Path) -> None:
    require_trained(Settings(trained_dir=tmp_path))
    assert sentences.teller(tmp_path) == sentences.teller()
    assert ranking.ranking(tmp_path) == ranking.ranking()
