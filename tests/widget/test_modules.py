"""What the service sends for the widget: size, headers, versions; and that the documentation names everything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.edition_holder import EditionHolder
from service.settings import Settings
from service.widget.modules import modules
from tests.processes import REPOSITORY
from tests.service.county import motion, report
from tests.service.fakes import QuotingEditions
from vectorstore.editions import EditionStore

FOLDER = REPOSITORY / "service/widget"
SOURCES = {path.name: path.read_text() for path in FOLDER.rglob("*.js")}
EVERYTHING = "\n".join(SOURCES.values())
DOCUMENTATION = (REPOSITORY / "docs/widget.md").read_text()
MOST_BYTES = 40_000
ORIGIN = {"Origin": "https://www.auenland.example"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> EditionStore:
    store = EditionStore(tmp_path_factory.mktemp("data"))
    store.publish([report()])
    return store


def client_for(store: EditionStore, **settings: object) -> TestClient:
    made = Settings(data_dir=store.root, **settings)  # type: ignore[arg-type]
    return TestClient(create_app(made, EditionHolder(QuotingEditions(store))), client=("203.0.113.1", 1))


@pytest.fixture
def client(store: EditionStore) -> Iterator[TestClient]:
    with client_for(store, rate_per_minute=5) as client:
        yield client


def test_all_together_are_small(client: TestClient) -> None:
    """As it goes over the line."""
    response = client.get("/widget.js")
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["vary"] == "Accept-Encoding"
    assert int(response.headers["content-length"]) < MOST_BYTES
    for name in modules().single:
        exported = re.findall(r"^export (?:async )?(?:function\*?|class|const) (\w+)", SOURCES[Path(name).name], re.M)
        assert exported
        assert all(one in response.text for one in exported), name


def test_modules_are_sent_plain_to_who_cannot_read_them_compressed(client: TestClient) -> None:
    plain = client.get("/widget/dom.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == client.get("/widget/dom.js").content == modules().single["dom.js"].plain


def test_what_is_sent_is_the_source_without_its_comments(client: TestClient) -> None:
    sent = client.get("/widget/dom.js").text
    assert "/**" not in sent
    assert "export function el(" in sent
    assert "//" in SOURCES["dom.js"]


def test_modules_are_for_any_website_and_the_interface_is_not(client: TestClient) -> None:
    for path in ("/widget.js", "/widget/element.js", "/widget/languages/de.js"):
        headers = client.get(path, headers=ORIGIN).headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["cross-origin-resource-policy"] == "cross-origin"
        assert headers["content-type"] == "text/javascript; charset=utf-8"
        assert headers["x-content-type-options"] == "nosniff"
    for path in ("/api/v1/documents", "/embed", "/"):
        assert "access-control-allow-origin" not in client.get(path, headers=ORIGIN).headers


def test_modules_are_not_counted_as_requests(client: TestClient) -> None:
    assert {client.get("/widget/element.js").status_code for _ in range(30)} == {200}


def test_scripts_are_kept_for_minutes_and_then_asked_for(client: TestClient) -> None:
    for path in ("/widget.js", "/widget/dom.js"):
        first = client.get(path)
        assert first.headers["cache-control"] == "public, max-age=300"
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["access-control-allow-origin"] == "*"
        for tags in (first.headers["etag"].removeprefix("W/"), f'"other", {first.headers["etag"]}', "*"):
            assert client.get(path, headers={"If-None-Match": tags}).status_code == 304
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get("/widget.js").headers["etag"] != client.get("/widget/dom.js").headers["etag"]


@pytest.mark.parametrize("name", ["nix.js", "../settings.py", "modules.py", "widget.js", "languages/", "%2e%2e/app.py"])
def test_there_is_nothing_else(client: TestClient, name: str) -> None:
    assert client.get(f"/widget/{name}").status_code == 404


def test_the_frame_page_follows_the_setting_and_escapes(store: EditionStore) -> None:
    origin = ORIGIN["Origin"]
    client = client_for(store, frame_ancestors=(origin,))
    response = client.get("/embed", params={"heading": '"><script>alert(1)</script>', "language": "en"})
    assert f"frame-ancestors {origin}" in response.headers["content-security-policy"]
    assert "x-frame-options" not in response.headers
    assert "<script>alert" not in response.text
    assert 'heading="&#34;&gt;&lt;script&gt;' in response.text
    assert '<html lang="en">' in response.text
    assert client.get("/embed", params={"heading": "x" * 2001}).status_code == 422


def test_a_frame_of_one_administration_names_its_documents(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = EditionStore(tmp_path_factory.mktemp("two"))
    store.publish([report(), motion()])
    client = client_for(store)
    own = client.get("/embed", params={"authority": "kreis auenland", "keep": "page"}).text
    assert ' documents="auenland-report"' in own and ' keep="page"' in own
    several = client.get("/embed?authority=Kreis+Auenland&authority=Fraktion+Beispiel&documents=auenland-report").text
    assert ' documents="auenland-report|auenland-antrag"' in several
    assert " documents=" not in client.get("/embed").text
    for wrong in ({"authority": "Kreis Nirgends"}, {"documents": "nix"}, {"authority": ["Kreis Auenland", ""]}):
        refused = client.get("/embed", params=wrong, headers={"Accept": "text/html"})
        assert refused.status_code == 404
        assert "Diese Dokumente gibt es hier nicht" in refused.text and "von: Kreis Auenland." in refused.text
        assert "strategielotse-chat" not in refused.text


def test_the_example_website_is_shown_only_where_it_is_wished(store: EditionStore) -> None:
    plain, demo = client_for(store), client_for(store, demo=True)
    assert "Beispielseite" not in plain.get("/").text
    assert "<strategielotse-chat>" in demo.get("/").text
    assert "Beispielseite" in demo.get("/").text
    for question_page in (
        plain.get("/?q="),
        plain.get("/ask"),
        demo.get("/ask"),
        demo.get("/?q=Was?"),
        demo.get("/?q="),
    ):
        assert "<h1>Was plant der Kreis?</h1>" in question_page.text
    assert 'class="answer-text"' in demo.get("/?q=Lastenradverleih").text
    assert plain.get("/demo/county.css").status_code == 404
    assert demo.get("/demo/county.css").headers["content-type"].startswith("text/css")
    assert demo.get("/demo/views.py").status_code == 404


def test_the_example_website_loads_nothing_from_elsewhere(store: EditionStore) -> None:
    page = client_for(store, demo=True).get("/").text
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|https?://", page)


def test_nothing_is_written_as_markup_or_kept() -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(\s*[\"']"
    kept = r"document\.cookie|localStorage|indexedDB|crypto\.randomUUID|sendBeacon"
    assert not re.search(f"{forbidden}|{kept}", EVERYTHING)
    assert [name for name, text in SOURCES.items() if "sessionStorage" in text] == ["kept.js"]


def test_no_file_is_long() -> None:
    lengths = {name: text.count("\n") for name, text in SOURCES.items()}
    assert {name: length for name, length in lengths.items() if length > 250} == {}


@pytest.mark.parametrize(
    "pattern",
    [
        r"ATTRIBUTES = \[([^\]]+)\]",
        r"\bpart: \"([\w-]+)\"",
        r"#?emit\(\"(\w+)\"",
        r"var\((--strategielotse-[\w-]+)",
        r"embed: Attribute|(?m:^    (\w+): Attribute)",
    ],
)
def test_everything_that_a_website_can_use_is_documented(pattern: str) -> None:
    sources = EVERYTHING + (REPOSITORY / "service/routes/widget.py").read_text()
    found = {name for match in re.findall(pattern, sources) for name in re.findall(r"[\w-]+", match)}
    assert found
    prefix = "strategielotse-" if "emit" in pattern else ""
    assert [name for name in sorted(found) if f"`{prefix}{name}`" not in DOCUMENTATION] == []


def test_nothing_is_documented_that_does_not_exist() -> None:
    events = set(re.findall(r"^\| `strategielotse-(\w+)`", DOCUMENTATION, re.M))
    assert events == set(re.findall(r"#?emit\(\"(\w+)\"", EVERYTHING))
    parts = re.search(r"## CSS parts(.*?)\n## ", DOCUMENTATION, re.S)
    assert parts
    assert set(re.findall(r"^\| `([\w-]+)`", parts[1], re.M)) == set(re.findall(r"\bpart: \"([\w-]+)\"", EVERYTHING))
