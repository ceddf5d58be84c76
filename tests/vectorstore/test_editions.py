"""One contract for editions wherever they lie: in a data folder, or in PostgreSQL with their
vectors in Chroma.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings

from tests.machines import Machines
from tests.vectorstore.samples import PROJECTS, LetterEmbedding, nearest, parsed_document
from tests.vectorstore.strategies import CORPORA
from tests.wording import worded
from vectorstore import CHROMA_DATABASE, EditionStore, PublishResult, Vectors
from vectorstore.edition_building import EditionContents, read_back
from vectorstore.manifest import DOCUMENTS, FORMAT, edition_names
from vectorstore.records import Catalogue, ItemStatus, ParsedDocument
from vectorstore.storage import EditionDamaged, EditionMismatch, NothingIngested, WriterBusy

DAY = date(2026, 11, 20)
LETTERS = LetterEmbedding()


Another = Callable[..., EditionStore]


both = pytest.mark.parametrize(
    "another", ["folder", pytest.param("shared", marks=pytest.mark.long)], indirect=True
)


@pytest.fixture
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Another:
    """Opens the same editions once more, as another process of this machine would."""
    if getattr(request, "param", "folder") == "folder":
        return partial(EditionStore, tmp_path / "data", embedding=LETTERS)
    machines: Machines = request.getfixturevalue("shared")
    return partial(
        machines.store, tmp_path / "data", machines.postgres.database(), embedding=LETTERS
    )


@pytest.fixture
def store(another: Another) -> EditionStore:
    return another(today=lambda: DAY)


def files_below(folder: Path) -> dict[str, bytes]:
    """All files but Chroma's own, which changes when it is asked."""
    files = (
        path for path in folder.rglob("*") if path.is_file() and not path.match(CHROMA_DATABASE)
    )
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@both
def test_nothing_is_there_at_first(store: EditionStore) -> None:
    assert store.current_name() is None
    assert store.names() == []
    with pytest.raises(NothingIngested, match=worded("store.nothing")):
        store.open()
    assert not store.root.exists()


@both
def test_what_was_published_is_found(store: EditionStore) -> None:
    steps: list[tuple[str, float]] = []
    result = store.publish(
        [parsed_document()], report={"files": 1}, progress=lambda *step: steps.append(step)
    )
    assert result == PublishResult("2026-11-20-1", changed=True)
    edition = store.open()
    assert (edition.name, edition.created, edition.report) == ("2026-11-20-1", DAY, {"files": 1})
    assert edition.catalogue.parsed == [parsed_document()]
    assert (
        nearest(edition, "Bürgerbus Auental") == "beispielkreis-report:1.2"
        and edition.search_kind == "encoder"
    )
    row = int(
        np.argmax(edition.lexical.scores(dict.fromkeys(edition.analyzer.terms("Starkregen"), 1.0)))
    )
    assert edition.catalogue.chunks[row].key == "2.2"
    assert [share for _, share in steps] == sorted(share for _, share in steps) and steps[-1][
        1
    ] == 1.0
    edition.close()


@both
def test_the_same_contents_change_nothing(store: EditionStore) -> None:
    first = store.publish([parsed_document("a"), parsed_document("b")])
    before = files_below(store.root)
    again = store.publish(
        [parsed_document("b"), parsed_document("a")], report={"another": "report"}
    )
    assert again == PublishResult(first.name, changed=False)
    assert files_below(store.root) == before


@both
def test_other_contents_are_another_edition_of_the_day(store: EditionStore) -> None:
    names = [
        store.publish([parsed_document(status=status)]).name
        for status in (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IDEA, ItemStatus.PLANNED)
    ]
    assert names == [f"2026-11-20-{number}" for number in (1, 2, 3, 4)]
    assert store.names() == names[-2:]
    assert store.current_name() == names[-1]


def test_names_are_ordered_by_number_and_not_by_letter(tmp_path: Path) -> None:
    for number in (10, 9, 1):
        (tmp_path / f"2026-11-20-{number}").mkdir()
    assert edition_names(tmp_path) == ["2026-11-20-1", "2026-11-20-9", "2026-11-20-10"]


@both
def test_an_older_edition_stays_open_and_can_be_opened(store: EditionStore) -> None:
    first = store.publish([parsed_document(status=ItemStatus.IDEA)])
    content = store.open()
    store.publish([parsed_document(status=ItemStatus.PLANNED)])
    assert nearest(content, "Bürgerbus Auental") == "beispielkreis-report:1.2"
    content.close()
    store.open(first.name).close()


@both
def test_forgetting_a_document_removes_every_edition_that_holds_it(store: EditionStore) -> None:
    store.publish([parsed_document("stays"), parsed_document("goes")])
    store.publish([parsed_document("stays")], forget=["goes"])
    store.forget(["goes"])
    assert store.names() == [store.current_name()]
    kept = b"".join(files_below(store.root).values())
    assert b"goes" not in kept


@both
def test_leftovers_of_a_killed_writer_are_removed_by_the_next(store: EditionStore) -> None:
    store.publish([parsed_document("a")])
    leftover = store.editions / "2026-11-20-2.tmp"
    leftover.mkdir()
    (leftover / DOCUMENTS).write_bytes(b"half")
    (store.root / "current.tmp").write_text("2026")
    store.open().close()
    assert leftover.exists()
    store.publish([parsed_document("a")])
    assert not leftover.exists() and not (store.root / "current.tmp").exists()


def test_an_empty_edition_is_an_edition(store: EditionStore) -> None:
    store.publish([])
    edition = store.open()
    assert edition.catalogue.chunks == () and edition.similarities("Rad") is not None
    edition.close()


@both
def test_a_second_writer_is_refused_and_the_same_one_may_enter_again(
    store: EditionStore, another: Another
) -> None:
    other = another()
    with store.writing():
        with store.writing():
            pass
        with pytest.raises(WriterBusy), other.writing():
            pass
        with pytest.raises(WriterBusy):
            other.publish([parsed_document()])
        store.publish([parsed_document()])
        other.open().close()
    with other.writing():
        pass


@both
@pytest.mark.parametrize("embedding", [None, LetterEmbedding(32)], ids=["none", "another"])
def test_an_embedding_that_the_edition_was_not_built_with_is_not_asked(
    store: EditionStore, another: Another, embedding: LetterEmbedding | None
) -> None:
    store.publish([parsed_document()])
    other = another(embedding=embedding)
    with closing(other.open()) as edition:
        assert edition.similarities("Bürgerbus") is None and edition.search_kind == "words"
    assert other.publish([parsed_document()]).changed
    with closing(other.open()) as edition:
        assert (edition.similarities("Bürgerbus") is None) == (embedding is None)
    assert list(other.check().values())[-1] == []


@both
def test_ingesting_again_computes_only_the_vectors_of_what_changed(another: Another) -> None:
    def given(*papers: ParsedDocument) -> int:
        letters = LetterEmbedding(48)
        assert another(embedding=letters).publish(papers).changed
        return len(letters.given)

    changed = dict(PROJECTS) | {"1.2": ("Bürgerbus Auental", "Ganz anders.")}
    assert given(parsed_document()) == len(PROJECTS)
    assert given(parsed_document(projects=changed)) == 1
    assert given(parsed_document(status=None)) == 0
    assert given(parsed_document("b")) == 0  # the same texts
    with closing(another(embedding=LetterEmbedding(48)).open()) as edition:
        assert nearest(edition, "Bürgerbus Auental") == "b:1.2"


@both
def test_another_format_is_refused_by_whoever_asks(store: EditionStore, another: Another) -> None:
    store.publish([parsed_document()])
    with store.writing(), suppress(EditionMismatch):
        store._point(replace(store.pointer(), format=FORMAT + 1))
    for ask in (
        store.open,
        another().current_name,
        store.check,
        store.roll_back,
        partial(store.publish, []),
    ):
        with pytest.raises(EditionMismatch, match=worded("store.other_format", found=FORMAT + 1)):
            ask()


@pytest.mark.parametrize(
    "lost",
    [
        DOCUMENTS,
        "analyzer.json",
        "edition.json",
        "report.json",
        "lexical/bm25.npz",
        "chroma/chroma.sqlite3",
    ],
)
def test_a_damaged_edition_is_refused_and_mended_by_publishing_again(
    store: EditionStore, lost: str
) -> None:
    name = store.publish([parsed_document()]).name
    (store.editions / name / lost).unlink()
    with pytest.raises(EditionDamaged, match=name):
        store.open()
    assert store.publish([parsed_document()]).changed
    store.open().close()


def test_reading_back_notices_every_difference(store: EditionStore) -> None:
    store.publish([parsed_document()])
    edition = store.open()
    units = edition.vectors.units()

    def against(*papers: ParsedDocument, vectors: Vectors = units) -> None:
        read_back(edition, EditionContents(Catalogue(papers), edition.embedding, {}, ()), vectors)

    against(parsed_document())
    changed = dict(PROJECTS) | {"1.2": ("Bürgerbus Auental", "Anders.")}
    for other in (
        parsed_document("b"),
        parsed_document(status=None),
        parsed_document(projects=changed),
    ):
        with pytest.raises(EditionDamaged):
            against(other)
    with pytest.raises(EditionDamaged, match="vectors"):
        against(parsed_document(), vectors=units[::-1])
    edition.close()


class _Failing(LetterEmbedding):
    def vectors(self, texts: Sequence[str]) -> Vectors:
        raise RuntimeError("out of memory")


@both
def test_an_error_while_building_leaves_the_old_edition(
    store: EditionStore, another: Another
) -> None:
    name = store.publish([parsed_document("a")]).name
    with pytest.raises(RuntimeError):
        another(embedding=_Failing(32)).publish([parsed_document("b")])
    assert store.current_name() == name and store.names() == [name]
    store.open().close()
    with another().writing():
        pass


@settings(max_examples=5, deadline=None)
@given(CORPORA)
def test_any_records_survive_publishing(corpus: tuple[ParsedDocument, ...]) -> None:
    with TemporaryDirectory() as folder:
        store = EditionStore(Path(folder))
        assert store.publish(corpus).changed
        assert not store.publish(corpus[::-1]).changed
        edition = store.open()
        assert edition.catalogue.parsed == sorted(corpus, key=lambda item: item.document.id)
        edition.close()
