"""What search engines and other programs find: permanent pages, who to turn to, data in pages."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from starlette.testclient import TestClient

from tests.service.fakes import client_over
from tests.service.two_editions import MOORBACH, REPORT, leaflet

LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def test_the_sitemap_has_every_permanent_page_and_each_is_there(both_client: TestClient) -> None:
    robots = both_client.get("/robots.txt").text
    assert f"Sitemap: {MOORBACH}/sitemap.xml" in robots and "Disallow: /staff" in robots
    found = both_client.get("/sitemap.xml")
    assert found.headers["content-type"].startswith("application/xml")
    pages = [str(page.text) for page in ElementTree.fromstring(found.text).iter(LOCATION)]
    assert f"{MOORBACH}/documents/{REPORT}/M%201" in pages and len(set(pages)) == len(pages)
    for page in pages:
        assert both_client.get(page.removeprefix(MOORBACH)).status_code == 200, page


def test_models_and_finders_of_weaknesses_are_led_on(both_client: TestClient) -> None:
    text = both_client.get("/llms.txt").text
    assert text.startswith("# Strategielotse\n") and "&amp;" not in text
    addresses = re.findall(r"\]\((.*?)\)", text)
    assert f"{MOORBACH}/documents/{REPORT}" in addresses
    for address in addresses:
        assert both_client.get(address.removeprefix(MOORBACH)).status_code == 200, address
    lines = both_client.get("/.well-known/security.txt").text.splitlines()
    fields = dict(line.split(": ", 1) for line in lines)
    assert fields["Contact"] == f"{MOORBACH}/"
    assert datetime.fromisoformat(fields["Expires"]) > datetime.now(UTC)


def test_the_imprint_takes_reports_of_weaknesses(tmp_path: Path) -> None:
    for imprint in ("/impressum", "https://kreis.example/impressum"):
        with client_over(
            tmp_path / imprint[-6:], [leaflet()], public_url=MOORBACH, imprint_url=imprint
        ) as client:
            contact = client.get("/.well-known/security.txt").text.splitlines()[0]
            expected = imprint if imprint.startswith("https") else MOORBACH + imprint
            assert contact == f"Contact: {expected}"


def test_a_record_says_what_it_is_as_data(both_client: TestClient) -> None:
    page = both_client.get(f"/documents/{REPORT}/M 4").text
    data = json.loads(
        re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0]
    )
    address = f"{MOORBACH}/documents/{REPORT}/M%204"
    assert (data["@id"], data["identifier"], data["name"]) == (
        address,
        "M 4",
        "Radweg nach Quellstedt",
    )
    assert data["creativeWorkStatus"] == "umgesetzt"
    assert data["isPartOf"]["url"] == f"{MOORBACH}/documents/{REPORT}"
    assert f'<link rel="canonical" href="{address}">' in page
