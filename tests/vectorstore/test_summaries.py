"""Summaries in an edition: kept while their documents and passages stand, noticed when damaged, nothing without any."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.service.county import report
from vectorstore.catalogue import Catalogue
from vectorstore.editions import EditionStore
from vectorstore.records import ParsedDocument
from vectorstore.summaries import FILE, FOLDER, Passage, SummarySentence, read_summaries, standing


def sentence(parsed: ParsedDocument, key: str = "", quote: str | None = None) -> SummarySentence:
    item = next(item for item in parsed.items if item.body)
    return SummarySentence(
        parsed.document.id, key, "Es geht voran.", (Passage(item.key, quote or item.body[:40]),), "m p i"
    )


def test_only_what_is_borne_out_by_the_documents_stands() -> None:
    parsed = report()
    catalogue, good = Catalogue.of([parsed]), sentence(parsed)
    assert standing([good], catalogue) == (good,) and standing([], catalogue) == ()
    assert standing([replace(good, document_id="other")], catalogue) == ()
    assert standing([replace(good, key="nowhere")], catalogue) == ()
    assert standing([sentence(parsed, quote="Das steht nirgends.")], catalogue) == ()
    assert standing([replace(good, passages=(Passage("nowhere", good.passages[0].quote),))], catalogue) == ()
    theme = replace(good, key=parsed.items[-1].key)
    assert standing([theme, good], catalogue) == (good, theme)


def test_an_edition_keeps_them_until_others_are_given(tmp_path: Path) -> None:
    store, parsed = EditionStore(tmp_path), report()
    plain = store.publish([parsed]).name
    with closing(store.open()) as edition:
        assert edition.summaries == () and not (edition.folder / FOLDER).exists()
    assert store.publish([parsed], summaries=[sentence(parsed)]).name != plain
    assert not store.publish([parsed]).changed
    with closing(store.open()) as edition:
        assert edition.summaries == (sentence(parsed),) == read_summaries(edition.folder)
    assert store.publish([parsed], summaries=()).changed


def test_damage_is_noticed_and_mended(tmp_path: Path) -> None:
    store, parsed = EditionStore(tmp_path), report()
    name = store.publish([parsed], summaries=[sentence(parsed)]).name
    (store.editions / name / FOLDER / FILE).write_bytes(b"[")
    assert any(FILE in damage for one in store.check() for damage in one.damages)
    assert store.publish([parsed]).changed
    with closing(store.open()) as edition:
        assert edition.summaries == ()
