"""The sample corpus is shipped read and with its questions: replayed reply by reply, the same comes out.

The replies are data that is shipped: `ingest/sample/readings` by the pages of each request, and
`ingest/sample/questions.csv` by the entry that a request shows. They were made for the sample, not taken from a model.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ingest.claims import Reading
from ingest.model_reader.judging import kept_reading
from ingest.model_reader.reader import windows
from service.answering.corpus import Corpus
from service.cli.ingestion.reading import read_sample
from service.question_writing.batches import batches, has_text
from service.settings import Settings
from tests.answering.truth import FOLDER
from tests.language_models.endpoints import Calls, Reply, endpoint, entries
from tests.processes import run
from vectorstore.editions import EditionStore
from vectorstore.records import Item, ParsedDocument

READINGS = sorted((FOLDER / "readings").glob("*.json"))
READ = tuple(path.stem for path in READINGS)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> EditionStore:
    """The sample corpus as the demo shows it."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("shipped"))
    assert read_sample(settings) is not None
    return EditionStore(settings.data_dir)


def parsed(store: EditionStore) -> dict[str, ParsedDocument]:
    with closing(store.open()) as edition:
        return {one.document.id: one for one in edition.catalogue.parsed()}


def recorded(papers: Iterable[ParsedDocument]) -> list[tuple[str, Any]]:
    """What is shown of pages, with what was replied to that."""
    found = []
    for paper in papers:
        reading = Reading.model_validate_json((FOLDER / "readings" / f"{paper.document.id}.json").read_bytes())
        said = (part.model_dump(exclude_defaults=True) for part in reading.said)
        found += zip((window.shown for window in windows(paper.document)), said, strict=True)
    return found


def questions() -> dict[tuple[str, str], list[str]]:
    """The questions that are shipped, by document and key."""
    found = defaultdict(list)
    with (FOLDER / "questions.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            found[row["document_id"], row["key"]].append(row["question"])
    return found


def script(store: EditionStore) -> Callable[[str], Reply]:
    """A model that replies what was recorded, and fails where nothing was."""
    with closing(store.open()) as edition:
        corpus, asked = Corpus(edition), [item for item in edition.catalogue.items if has_text(item)]
        tokens = {token: item for batch in batches(asked, corpus) for token, item in batch.items.items()}
    pages, written = recorded(one for one in parsed(store).values() if one.document.id in READ), questions()

    def reply(request: str) -> Reply:
        if shown := [tokens.get(token) for token in entries(request)]:
            return "\n".join(_lines(entries(request), shown, written))
        said = next((said for text, said in pages if text in request), None)
        return 500 if said is None else Calls((("Said", json.loads(json.dumps(said))),))

    return reply


def _lines(
    tokens: Iterable[str], items: Iterable[Item | None], written: dict[tuple[str, str], list[str]]
) -> Iterable[str]:
    for token, item in zip(tokens, items, strict=True):
        if item is not None:
            yield from (f"{token} | {one}" for one in written[item.document_id, item.key])


def test_what_was_replied_makes_what_is_shipped(shipped: EditionStore, tmp_path: Path) -> None:
    store = EditionStore(tmp_path / "data")
    (tmp_path / "corpus").mkdir()
    for path in FOLDER.iterdir():
        if path.is_file():
            text = path.read_bytes()
            without = text.replace(b'questions = "questions.csv"\n', b"") if path.name == "corpus.toml" else text
            (tmp_path / "corpus" / path.name).write_bytes(without)
    assert run("ingest", "--manifest", tmp_path / "corpus" / "corpus.toml", data=store.root).returncode == 0
    before = parsed(store)
    with endpoint(script(shipped)) as one:
        model = {"STRATEGIELOTSE_INGEST_MODEL": f"openai:recorded@{one.url}"}
        named = [part for name in READ for part in ("--document", name)]
        done = run("model", "read", *named, data=store.root, **model)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        done = run("questions", "write", data=store.root, **model)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
    for path in READINGS:
        kept = Reading.model_validate_json((store.root / kept_reading(path.stem)).read_bytes())
        assert kept == Reading.model_validate_json(path.read_bytes())
    now, wanted = parsed(store), parsed(shipped)
    assert {name: one.items for name, one in now.items()} == {name: one.items for name, one in wanted.items()}
    assert {*READ} == {*now} and all(now[name].items != before[name].items for name in now)
    with closing(store.open()) as edition:
        made = defaultdict(list)
        for question in edition.questions.all:
            made[question.document_id, question.key].append(question.question)
        assert made == {item: said for item, said in questions().items() if item in made}
        assert {(item.document_id, item.key) for item in edition.catalogue.items if has_text(item)} == made.keys()


def test_nothing_of_the_sample_is_lost_by_what_the_model_read(shipped: EditionStore) -> None:
    with closing(shipped.open()) as edition:
        assert edition.report["questions_lost"] == []
        records = [one for one in edition.catalogue.items if one.kind.value != "section"]
        assert len(records) == 177 and {one.read_by for one in records} == {"recorded"}
        asked = Counter((one.document_id, one.key) for one in edition.questions.all)
        assert {asked[one.document_id, one.key] for one in edition.catalogue.items if has_text(one)} == {6}
