"""What the service sends for the widget: size, headers, versions, joined modules; and that
everything is documented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from prompts import FURTHER, widget_words
from service.answering.composing.record import fields_of
from service.web.widget.modules import join_modules, modules
from tests.processes import REPOSITORY
from tests.service.county import report
from tests.service.fakes import client_for
from vectorstore import EditionStore

SOURCES = {
    path.name: path.read_text() for path in (REPOSITORY / "service/web/widget").rglob("*.js")
}
EVERYTHING = "\n".join(SOURCES.values())
DOCUMENTATION = (REPOSITORY / "docs/widget.md").read_text()
MOST_BYTES = 40_000
ORIGIN = {"Origin": "https://www.auenland.example"}


def test_every_fact_that_is_shown_has_a_name_for_people() -> None:
    """The columns of a record's facts are named in each language, or are not shown."""
    item = report().items[0]
    hidden = re.search(r"HIDDEN_COLUMNS = new Set\(\[([^\]]*)\]", SOURCES["data_view.js"])
    assert hidden is not None
    shown = set(fields_of(item).columns) - set(re.findall(r"\w+", hidden[1]))
    for name in ("de.js", "en.js"):
        named = re.search(r"columns: \{([^}]*)\}", SOURCES[name])
        assert named is not None and shown <= set(re.findall(r"(\w+):", named[1])), name


@pytest.fixture
def client(store: EditionStore) -> Iterator[TestClient]:
    with client_for(store, "203.0.113.1", rate_per_minute=5) as client:
        yield client


def test_all_together_are_small_as_they_go_over_the_line(client: TestClient) -> None:
    response = client.get("/widget.js")
    assert (response.headers["content-encoding"], response.headers["vary"]) == (
        "gzip",
        "Accept-Encoding",
    )
    assert int(response.headers["content-length"]) < MOST_BYTES
    for name in modules():
        if not name.startswith("widget/") or not name.endswith(".js"):
            continue
        exported = re.findall(
            r"^export (?:async )?(?:function\*?|class|const) (\w+)", SOURCES[Path(name).name], re.M
        )
        assert exported and all(item in response.text for item in exported), name


@pytest.mark.parametrize("code", FURTHER)
def test_words_of_further_languages_have_the_keys_of_english(client: TestClient, code: str) -> None:
    response = client.get(f"/widget/words/{code}.json", headers=ORIGIN)
    assert response.headers["content-type"] == "application/json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.json() == widget_words(code)
    for key, said in response.json().items():
        within = re.search(rf"^  {key}: (.*(?:\n    .*)*)", SOURCES["en.js"], re.M)
        assert within is not None, key
        texts = said if isinstance(said, dict) else {}
        assert [name for name in texts if f"{name}: " not in within[1]] == []
        if "{1}" in said:
            assert re.match(r"\(\w+, \w+\) =>", within[1]), key
    assert client.get("/widget/words/it.json").status_code == 404


def test_what_is_sent_is_the_source_without_its_comments(client: TestClient) -> None:
    plain = client.get("/widget/dom.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == client.get("/widget/dom.js").content == modules()["widget/dom.js"].plain
    assert (
        "/**" not in plain.text
        and "export function el(" in plain.text
        and "//" in SOURCES["dom.js"]
    )


def test_modules_are_for_any_website_and_the_interface_is_not(client: TestClient) -> None:
    sent = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin",
            "content-type": "text/javascript; charset=utf-8", "x-content-type-options": "nosniff"}  # fmt: skip
    for path in ("/widget.js", "/widget/element.js", "/widget/languages/de.js"):
        assert sent.items() <= dict(client.get(path, headers=ORIGIN).headers).items()
    for path in ("/api/v1/documents", "/embed", "/"):
        assert "access-control-allow-origin" not in client.get(path, headers=ORIGIN).headers
    assert {client.get("/widget/element.js").status_code for _ in range(30)} == {200}, (
        "they are not counted as requests"
    )
    for name in (
        "nix.js",
        "../settings.py",
        "modules.py",
        "widget.js",
        "languages/",
        "%2e%2e/app.py",
    ):
        assert client.get(f"/widget/{name}").status_code == 404, name


def test_scripts_are_kept_for_minutes_and_then_asked_for(client: TestClient) -> None:
    for path in ("/widget.js", "/widget/dom.js"):
        first = client.get(path)
        assert first.headers["cache-control"] == "public, max-age=300"
        tag = first.headers["etag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["access-control-allow-origin"] == "*"
        for tags, status in (
            (tag.removeprefix("W/"), 304),
            (f'"other", {tag}', 304),
            ("*", 304),
            ('"other"', 200),
        ):
            assert client.get(path, headers={"If-None-Match": tags}).status_code == status
    assert client.get("/widget.js").headers["etag"] != client.get("/widget/dom.js").headers["etag"]


def test_the_frame_page_follows_the_setting_and_escapes(store: EditionStore) -> None:
    client = client_for(store, frame_ancestors=(ORIGIN["Origin"],))
    response = client.get(
        "/embed", params={"heading": '"><script>alert(1)</script>', "language": "en"}
    )
    assert f"frame-ancestors {ORIGIN['Origin']}" in response.headers["content-security-policy"]
    assert "x-frame-options" not in response.headers
    assert (
        "<script>alert" not in response.text and 'heading="&#34;&gt;&lt;script&gt;' in response.text
    )
    assert '<html lang="en">' in response.text
    assert client.get("/embed", params={"heading": "x" * 2001}).status_code == 422


def test_a_frame_of_one_administration_names_its_documents(store: EditionStore) -> None:
    client = client_for(store)
    own = client.get("/embed", params={"authority": "kreis auenland", "keep": "page"}).text
    assert ' documents="auenland-report"' in own and ' keep="page"' in own
    several = client.get(
        "/embed?authority=Kreis+Auenland&authority=Fraktion+Beispiel&documents=auenland-report"
    ).text
    assert ' documents="auenland-report|auenland-antrag"' in several
    assert " documents=" not in client.get("/embed").text
    for wrong in (
        {"authority": "Kreis Nirgends"},
        {"documents": "nix"},
        {"authority": ["Kreis Auenland", ""]},
    ):
        refused = client.get("/embed", params=wrong, headers={"Accept": "text/html"})
        assert refused.status_code == 404 and "strategielotse-chat" not in refused.text
        assert (
            "Diese Dokumente gibt es hier nicht" in refused.text
            and "von: Kreis Auenland" in refused.text
        )


def test_the_example_website_is_shown_only_where_it_is_wished_and_loads_nothing_foreign(
    store: EditionStore,
) -> None:
    plain, demo = client_for(store), client_for(store, demo=True)
    page = demo.get("/").text
    assert 'href="/chat"' in page and 'mode="page"' in demo.get("/chat").text
    assert (
        "Beispielseite" not in plain.get("/").text
        and "Beispielseite" in page
        and "<strategielotse-chat>" in page
    )
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|https?://", page)
    asked = (
        (plain, "/?frage="),
        (plain, "/ask"),
        (demo, "/ask"),
        (demo, "/?frage=Was?"),
        (demo, "/?frage="),
    )
    for client, path in asked:
        assert "<h1>Was plant der Kreis?</h1>" in client.get(path).text
    assert 'class="answer-text"' in demo.get("/?frage=Lastenradverleih").text
    (style,) = re.findall(r'href="(/static/county.css[^"]*)"', page)
    assert demo.get(style).headers["content-type"].startswith("text/css")


def test_nothing_is_written_as_markup_or_kept_and_no_file_is_long() -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(\s*[\"']"
    kept = r"document\.cookie|localStorage|indexedDB|crypto\.randomUUID|sendBeacon"
    assert not re.search(f"{forbidden}|{kept}", EVERYTHING)
    assert [name for name, text in SOURCES.items() if "sessionStorage" in text] == ["kept.js"]
    assert {
        name: text.count("\n") for name, text in SOURCES.items() if text.count("\n") > 250
    } == {}


@pytest.mark.parametrize(
    "pattern",
    [r"ATTRIBUTES = \[([^\]]+)\]", r"\bpart: \"([\w-]+)\"", r"#?emit\(\"(\w+)\"", r"var\((--strategielotse-[\w-]+)",
     r"embed: Attribute|(?m:^    (\w+): WidgetAttribute)"],
)  # fmt: skip
def test_everything_that_a_website_can_use_is_documented(pattern: str) -> None:
    sources = EVERYTHING + (REPOSITORY / "service/web/widget/routes.py").read_text()
    found = {
        name for match in re.findall(pattern, sources) for name in re.findall(r"[\w-]+", match)
    }
    prefix = "strategielotse-" if "emit" in pattern else ""
    assert (
        found
        and [
            name
            for name in sorted(found)
            if f"`{prefix}{name.replace('_', '-')}`" not in DOCUMENTATION
        ]
        == []
    )


def test_nothing_is_documented_that_does_not_exist() -> None:
    events = set(re.findall(r"^\| `strategielotse-(\w+)`", DOCUMENTATION, re.M))
    assert events == set(re.findall(r"#?emit\(\"(\w+)\"", EVERYTHING))
    (parts,) = re.findall(r"## CSS parts(.*?)\n## ", DOCUMENTATION, re.S)
    assert set(re.findall(r"^\| `([\w-]+)`", parts, re.M)) == set(
        re.findall(r"\bpart: \"([\w-]+)\"", EVERYTHING)
    )


def test_joined_modules_come_before_who_needs_them_and_once() -> None:
    sources = {
        "a.js": 'import { one } from "./b.js";\nimport { two } from "./words/c.js";\nexport { one };\n',
        "b.js": 'import { two } from "./words/c.js";\nexport const one = two + 1;\n',
        "words/c.js": "export const two = 2;\nexport async function* three() {}\n",
        "unused.js": "export const four = 4;\n",
    }
    assert join_modules(sources, "a.js").splitlines() == [
        "const two = 2;",
        "async function* three() {}",
        "const one = two + 1;",
        "export { one };",
    ]


def test_no_two_modules_have_a_name_in_common() -> None:
    """They are joined into one file."""
    named = r"^(?:export )?(?:async )?(?:function\*?|class|const|let) (\w+)"
    names = [name for text in SOURCES.values() for name in re.findall(named, text, re.M)]
    assert len(names) > 100 and [name for name in names if names.count(name) > 1] == []
