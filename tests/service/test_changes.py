"""What changed between editions: pages, feed and data tell the same; addresses of records that are
gone say so.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient

from prompts import load_words
from service import load_settings
from service.cli.ingestion.editions import remove
from tests.ingest.cases import cases
from tests.service import atom
from tests.service.fakes import client_over
from tests.service.two_editions import (
    LEAFLET,
    MOORBACH,
    REPORT,
    first_report,
    leaflet,
    measure,
    plan,
    publish_both,
    report,
    reread,
    second_report,
)
from tests.staff.signing_in import signed_in
from tests.staff.test_uploads import draft_of, publish_draft
from tests.wording import words_of
from vectorstore import EditionStore
from vectorstore.records import DocumentStatus, ParsedDocument

FEED, DIFF = "/aenderungen.atom", "/api/v1/editions/diff"
WORDS = load_words("de/progress")
KINDS = {
    "M 1": "status", "M 2": "field", "M 4": "finished", "M 9": "moved", "M 8": "moved", "M 10": "new", "M 7": "dropped",
    "1": "dropped",
}  # fmt: skip


@pytest.fixture
def client(both_client: TestClient) -> TestClient:
    return both_client


def records(client: TestClient, **query: str) -> dict[str, dict[str, Any]]:
    """Return the changed records by number."""
    items = client.get(DIFF, params=query).json()["items"]
    found = [
        record
        for edition in items
        for document in edition["documents"]
        for record in document["records"]
    ]
    return {(record["after"] or record["before"])["ref"]: record for record in found}


def test_each_kind_of_change_is_told_with_both_texts(client: TestClient) -> None:
    found = records(client)
    assert {ref: record["kind"] for ref, record in found.items()} == KINDS
    texts = [
        (part["part"], part["before"]["text"], part["after"]["text"])
        for part in found["M 1"]["parts"]
    ]
    assert texts == [
        ("status", "vorgesehen", "wird gebaut"), ("state", "Der Antrag ist gestellt.", "Die Bagger sind da."),
    ]  # fmt: skip
    assert (found["M 9"]["before"]["ref"], found["M 8"]["before"]["title"]) == (
        "M 5",
        "Karten im Netz",
    )
    page = words_of(client.get("/aenderungen").text)
    for record in found.values():
        for part in record["parts"]:
            assert part["before"]["text"] in page and part["after"]["text"] in page
    for group, number in {"new": 1, "dropped": 2, "status": 2, "moved": 2, "field": 1}.items():
        assert f"{WORDS[f'group_{group}']}: {number}" in page
    assert WORDS["document_draft"] in page and WORDS["document_adopted"] in page, (
        "a plan that was adopted"
    )


def test_a_page_for_each_edition_and_parts_of_it_by_document_theme_and_record(
    client: TestClient,
) -> None:
    assert client.get("/aenderungen/2026-06-01-1").status_code == 200
    assert client.get("/aenderungen/2025-06-02-1").status_code == 200
    for wrong in (
        "/aenderungen/2024-01-01-1",
        "/aenderungen?document=nix",
        f"{FEED}?record={REPORT}/M 99",
        f"{DIFF}?from=1",
    ):
        assert client.get(wrong).status_code == 404, wrong
    assert set(records(client, document=LEAFLET)) == {"1"}
    assert (
        set(records(client, theme="Wege"))
        == set(records(client, theme="2"))
        == {"M 4", "M 9", "M 10", "M 7"}
    )
    assert (
        set(records(client, record=f"{REPORT}/M 9"))
        == {"M 9"}
        == set(records(client, record=f"{REPORT}/M 5"))
    )
    english = words_of(client.get("/aenderungen", params={"language": "en"}).text)
    assert load_words("en/progress")["group_status"] in english and "wird gebaut" in english


def entries_of(client: TestClient, **query: str) -> list[atom.Entry]:
    """Return the entries of a feed that keeps all rules."""
    response = client.get(FEED, params={**query, "language": "de"})
    assert response.headers["content-type"] == "application/atom+xml"
    return atom.checked(response.content, str(response.url).replace("http://testserver", MOORBACH))


def test_the_feed_keeps_the_rules_of_atom_and_leads_to_pages(client: TestClient) -> None:
    entries = entries_of(client)
    assert len(entries) == len(KINDS) + 3, "and a report, a plan and a leaflet as documents"
    assert {entry.category for entry in entries} == {*KINDS.values(), "document"}
    assert {client.get(entry.link.removeprefix(MOORBACH)).status_code for entry in entries} == {
        200,
        410,
    }
    assert "wird gebaut" in next(entry.text for entry in entries if "M 1" in entry.title)
    for query in ({"record": f"{REPORT}/M 5"}, {"theme": "Wege"}, {"document": LEAFLET}):
        found = entries_of(client, **query)
        assert found and {entry.id for entry in found} < {entry.id for entry in entries}


@cases("broken", "fault")
def test_a_feed_that_breaks_a_rule_is_seen(client: TestClient, broken: str, fault: str) -> None:
    text = client.get(f"{FEED}?language=de").text
    assert broken in text
    with pytest.raises((AssertionError, etree.XMLSyntaxError)):
        atom.checked(text.replace(broken, fault).encode(), f"{MOORBACH}{FEED}?language=de")


def test_entries_keep_their_ids_when_the_same_contents_are_built_anew(
    client: TestClient, tmp_path: Path
) -> None:
    editions = [plan(), leaflet(), first_report()], [plan(DocumentStatus.ADOPTED), second_report()]
    store = EditionStore(tmp_path, today=lambda: date(2030, 1, 1))
    for documents in editions:
        store.publish(documents)
    with client_over(tmp_path, public_url=MOORBACH) as other:
        ids, again = ([entry.id for entry in entries_of(each)] for each in (client, other))
        assert sorted(ids) == sorted(again)
    for documents in editions:
        store.publish(documents)
    with client_over(tmp_path, public_url=MOORBACH) as later:
        whole = [entry.id for entry in entries_of(later)]
        assert set(again) < set(whole) and len(whole) == 4 * len(again) - len(again), (
            "there, back, and there again"
        )


def test_what_was_only_read_otherwise_says_so_and_is_no_change(tmp_path: Path) -> None:
    editions = [first_report()], [second_report()], [reread(second_report())]
    with client_over(tmp_path, *editions, public_url=MOORBACH) as client:
        assert WORDS["reread"] in words_of(client.get("/aenderungen").text)
        assert client.get("/api/v1/progress").json()["items"][0]["unchanged_since_edition"] == 2
        assert sum(WORDS["reread"] in entry.text for entry in entries_of(client)) == 1, (
            "the same text says the same, however it is read"
        )


def test_characters_that_xml_does_not_know_do_not_break_the_feed(tmp_path: Path) -> None:
    texts = {2025: "so", 2026: "mit \x0c Vorschub, \x00 und ]]> <b>"}
    editions = [[report(year, [measure("M 1", "Alt", None, text)])] for year, text in texts.items()]
    with client_over(tmp_path, *editions, public_url=MOORBACH) as client:
        assert any("]]> <b>" in entry.text for entry in entries_of(client))
        assert "<b>" not in client.get("/aenderungen").text


def test_a_thousand_changed_records_are_a_feed_and_pages(tmp_path: Path) -> None:
    def year(number: int, said: str) -> ParsedDocument:
        words = (
            "Radweg",
            "Brücke",
            "Schule",
            "Aue",
            "Halle",
            "Archiv",
            "Quelle",
            "Wehr",
            "Markt",
            "Hafen",
        )
        titles = [
            f"{words[n % 10]} {words[n // 10 % 10]} {words[n // 100]} {n}" for n in range(1000)
        ]
        return report(
            number,
            [measure(f"M {n}", title, None, f"{said} {title}") for n, title in enumerate(titles)],
        )

    with client_over(tmp_path, [year(2025, "geplant für")], [year(2026, "gebaut wird")]) as client:
        client.get("/readyz")
        content = client.get(FEED).content
        assert len(atom.checked(content, "/aenderungen.atom?language=de")) == 1000
        first, last = (client.get("/aenderungen", params={"page": page}).text for page in (1, 5))
        assert f"{WORDS['group_field']}: 1000" in words_of(last), "counted over all pages"
        assert (
            first.count('class="parts"') == 201
            and last.count('class="parts"') == 201
            and 'rel="next"' not in last
        )


@cases("address", "status", "successor")
def test_a_record_that_went_is_told_from_one_that_never_was(
    client: TestClient, address: str, status: int, successor: str
) -> None:
    page, data = client.get(f"/documents/{address}"), client.get(f"/api/v1/items/{address}")
    assert (page.status_code, data.status_code) == (status, status)
    if status == 410:
        text = data.json()
        assert (text["gone_with"], text["gone_on"], text["successor"] or "") == (
            "2026-06-01-1",
            "2026-06-01",
            successor,
        )
        assert text["type"].endswith(":gone") and text["last_state"]["title"] in page.text
        assert (f'href="{successor}"' in page.text) is bool(successor)
        assert client.get(f"/staff/items/{address}").status_code in (403, 404)


def test_a_record_at_an_address_that_was_another_ones_says_so(tmp_path: Path) -> None:
    def year(number: int, *titles: str) -> list[ParsedDocument]:
        return [
            report(
                number,
                [measure(f"M {n}", title, None, "so") for n, title in enumerate(titles, start=1)],
            )
        ]

    editions = year(2025, "Wehr öffnen", "Halle bauen"), year(2026, "Wald kaufen", "Wehr öffnen")
    with client_over(tmp_path, *editions) as client:
        first, second = (client.get(f"/documents/{REPORT}/M {n}") for n in (1, 2))
        assert (first.status_code, second.status_code) == (200, 200)
        note = WORDS["earlier_note"].format(
            edition=EditionStore(tmp_path).current_name(), day=f"{date.today():%d.%m.%Y}"
        )
        assert f"{note} M 1 Wehr öffnen, {WORDS['earlier_now']} M 2 Wehr öffnen" in words_of(
            first.text
        )
        assert f"{note} M 2 Halle bauen" in words_of(second.text)
        assert WORDS["earlier_note"][:20] not in client.get(f"/documents/{REPORT}/Titel").text


def test_the_last_state_is_told_after_more_editions_and_the_successor_of_the_successor(
    tmp_path: Path,
) -> None:
    store = EditionStore(tmp_path)
    for refs in (("M 1", "M 2"), ("M 3", "M 2"), ("M 4", "M 2"), ("M 4",), ("M 4", "M 5")):
        titles = {"M 2": "Wehr öffnen", "M 5": "Ganz etwas anderes"}
        store.publish(
            [
                report(
                    2020 + len(refs),
                    [measure(ref, titles.get(ref, "Brücke bauen"), None, ref) for ref in refs],
                )
            ]
        )
    assert len(store.names()) == 2, "older editions are gone"
    with client_over(tmp_path) as client:
        for key, successor in (("M 1", "M%204"), ("M 3", "M%204"), ("M 2", None)):
            text = client.get(f"/api/v1/items/{REPORT}/{key}").json()
            assert text["status"] == 410 and (text["successor"] or "").rpartition("/")[2] == (
                successor or ""
            )
        assert set(records(client, record=f"{REPORT}/M 4", **{"from": "", "to": ""})) <= {
            "M 3",
            "M 4",
        }


def test_of_a_document_that_was_removed_nothing_is_told_but_that_it_was(tmp_path: Path) -> None:
    store = EditionStore(tmp_path)
    store.publish([first_report(), plan()])
    store.publish([second_report(), plan()])
    remove(load_settings(data_dir=tmp_path), [REPORT])
    (kept,) = (path.read_text() for path in tmp_path.glob("editions/*/changes.json"))
    assert "Moorbach umbauen" not in kept and REPORT not in kept
    with client_over(tmp_path) as client:
        text = client.get(f"/api/v1/items/{REPORT}/M 5").json()
        assert (text["status"], text["last_state"], text["document"]) == (410, None, None)
        assert client.get(f"/documents/{REPORT}").status_code == 410
        assert client.get("/documents/nirgends").status_code == 404


def test_going_back_to_an_edition_is_going_back_in_its_history(tmp_path: Path) -> None:
    publish_both(tmp_path).roll_back()
    with client_over(tmp_path) as client:
        assert records(client) == {} and client.get(f"/documents/{REPORT}/M 5").status_code == 200
        assert WORDS["changes_none"] in client.get("/aenderungen").text


def correct(client: TestClient, key: str, **fields: str) -> None:
    """Correct fields of a record and publish this, as staff do."""
    draft = draft_of(signed_in(client), REPORT)
    form = {"document": REPORT, "key": key, **fields, "reason": "Beschluss vom 4. Mai"}
    assert client.post(f"{draft.partition('?')[0]}/fields", data=form).status_code == 200
    publish_draft(client, draft)


def test_a_correction_that_changes_a_public_number_is_an_entry(tmp_path: Path) -> None:
    with client_over(tmp_path, [second_report()], public_url=MOORBACH) as client:
        assert WORDS["corrected_by"] not in words_of(client.get("/aenderungen").text)
        correct(client, "M 3", status="implemented")
        page = words_of(client.get("/aenderungen").text)
        assert WORDS["corrected_by"] in page and "M 3" in page
        before, after = (WORDS[f"status_{status}"] for status in ("idea", "implemented"))
        assert before in page and after in page
        name = f"korrekturen-{date.today()}"
        assert client.get(f"/aenderungen/{name}").status_code == 200
        assert client.get("/aenderungen/korrekturen-1999-01-01").status_code == 404
        (entry,) = entries_of(client)
        assert "M 3" in entry.title and entry.category == "finished" and after in entry.text
        assert WORDS["corrected_by"] in entry.text


def test_a_correction_that_changes_no_number_is_none(tmp_path: Path) -> None:
    with client_over(tmp_path, [second_report()], public_url=MOORBACH) as client:
        correct(client, "M 3", period="2031")
        assert WORDS["corrected_by"] not in words_of(client.get("/aenderungen").text)
        assert entries_of(client) == []
