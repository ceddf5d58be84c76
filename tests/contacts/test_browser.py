"""A clerk uploads a directory of twenty units, and a citizen gets a name and a number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.records import CONTACT_COLUMNS, Contact, contacts_csv
from tests.browsing import LOOKS, click, looking, served_here, staff_page, troubles
from tests.processes import Served
from tests.service.county import motion, report
from tests.widget.driving import Chat

pytestmark = pytest.mark.browser
PATH = "/staff/contacts"
HOURS = "Mo-So 0-24"
UNITS = [
    Contact(code=str(code), name=f"Amt {code}", telephone=f"02921 30-{code}", hours=HOURS)
    for code in range(10, 30)
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_here(tmp_path_factory.mktemp("contacts"), report(), motion()) as served:
        yield served


def send(page: Any, file: Path) -> None:
    page.goto(PATH)
    page.get_by_label("CSV-Datei").set_input_files(file)
    click(page, "button", "Hochladen")


def test_a_clerk_uploads_twenty_units_and_a_citizen_reaches_somebody(
    browser: Any, server: Served, tmp_path: Path
) -> None:
    wrong, right = tmp_path / "falsch.csv", tmp_path / "stellen.csv"
    wrong.write_text(";".join(CONTACT_COLUMNS) + "\n10;Amt;ruf an\n11;;\n", encoding="utf-8")
    right.write_text(contacts_csv(UNITS), encoding="utf-8")
    with staff_page(browser, server, forgiven="422") as page:
        send(page, wrong)
        problems = page.get_by_role("alert").locator("li").all_inner_texts()
        assert [problem[:8] for problem in problems] == ["Zeile 2:", "Zeile 3:"]
        send(page, right)
        assert page.get_by_role("alert").locator("li").count() == 20
        click(page, "button", "Übernehmen")
        assert "20 Ansprechstellen übernommen." in page.get_by_role("status").inner_text()
        assert page.locator("tbody tr").count() == 20
        page.get_by_role("link", name="Ansprechstellen").first.click()
        for look in ("light", "narrow"):
            page.set_viewport_size(LOOKS[look]["viewport"])
            assert troubles(page, look, {"contacts": PATH}) == []
    with looking(browser, server.url) as context:
        page = context.new_page()
        page.goto("/chat")
        chat = Chat(page)
        chat.input.wait_for()
        chat.ask("Wer ist für den Lastenradverleih zuständig und wie erreiche ich sie?")
        assert "Amt 10, Telefon 02921 30-10, Mo-So 0-24 (heute bis 24 Uhr)" in (
            chat.answer.inner_text()
        )
        chat.ask("Was bedeutet 66.01?").ask("Ich möchte mit einem Menschen sprechen.")
        assert "Amt 10, Telefon 02921 30-10" in chat.answer.inner_text()
        page.goto("/documents/auenland-report/2.1.4.1")
        assert page.get_by_role("link", name="02921 30-10").get_attribute("href") == (
            "tel:029213010"
        )
