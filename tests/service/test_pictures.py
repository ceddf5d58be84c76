"""Originals and pictures of their pages: what is marked, what is refused, and how browsers keep
them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from service.web.pictures import NoPicture, PictureRequest
from service.web.pictures.drawing import page_picture
from tests.ingest.cases import cases
from tests.replies import problem_of
from tests.service.county import motion, report
from tests.service.fakes import client_for
from tests.service.printed_papers import damaged, locked, printed
from vectorstore import EditionStore

DOCUMENT = "/api/v1/documents/auenland-report"
PAGE = f"{DOCUMENT}/pages/1.png"
QUOTE = "Der Radschnellweg verbindet Auental und Bergheim auf zwölf Kilometern."


def served(root: Path, originals: dict[str, Path]) -> TestClient:
    store = EditionStore(root)
    store.publish([report(), motion()], originals=originals)
    return client_for(store)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return printed(tmp_path_factory.mktemp("papers") / "report.pdf")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, pdf: Path) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("pictures")
    text = root / "antrag.txt"
    text.write_bytes("Lärm macht krank.".encode("cp1252"))
    with served(root / "data", {"auenland-report": pdf, "auenland-antrag": text}) as client:
        yield client


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def marked(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Return the box of everything yellow: much red, little blue."""
    red, _, blue = image.convert("RGB").split()
    yellow = [r > 200 and b < 140 for r, b in zip(red.tobytes(), blue.tobytes(), strict=True)]
    spots = [
        (place % image.width, place // image.width) for place, found in enumerate(yellow) if found
    ]
    if not spots:
        return None
    across, down = [x for x, _ in spots], [y for _, y in spots]
    return min(across), min(down), max(across), max(down)


def test_a_page_is_a_picture_with_the_quote_marked(client: TestClient) -> None:
    response = client.get(PAGE, params={"quote": QUOTE})
    assert (response.status_code, response.headers["content-type"]) == (200, "image/png")
    image = picture(response.content)
    assert (image.format, image.size) == ("PNG", (900, 1274))
    box = marked(image)
    assert box is not None
    points = [
        edge * 595 / 900 for edge in box
    ]  # two lines, with baselines 130 and 160 points below the upper edge
    assert points[0] == pytest.approx(60, abs=4) and points[2] == pytest.approx(356, abs=10)
    assert 114 <= points[1] <= 122 and 158 <= points[3] <= 166


@pytest.mark.parametrize(
    "quote", ["  ", "Das steht nirgends.", "Der Radschnellweg verbindet Berg", "Verkehr"]
)
def test_nothing_is_marked_or_cut_out_where_it_is_not_certain(
    client: TestClient, quote: str
) -> None:
    plain = client.get(PAGE).content
    assert client.get(PAGE, params={"quote": quote}).content == plain
    assert marked(picture(plain)) is None
    response = client.get(PAGE, params={"quote": quote, "crop": 20})
    assert problem_of(response) == (404, "no-picture")


def test_the_place_alone_is_cut_out_of_the_page(client: TestClient) -> None:
    whole = marked(picture(client.get(PAGE, params={"quote": QUOTE, "width": 1400}).content))
    response = client.get(PAGE, params={"quote": QUOTE, "width": 1400, "crop": 20})
    cut = picture(response.content)
    assert response.headers["cross-origin-resource-policy"] == "cross-origin" and whole is not None
    margin, high = 20 * 1400 / 595, whole[3] - whole[1]
    assert cut.width == pytest.approx(
        0.6 * 1400, abs=2
    )  # a column at least, though the quote is narrower
    assert cut.height == pytest.approx(high + 2 * margin, abs=10)
    box = marked(cut)
    assert box is not None and box[1] == pytest.approx(margin, abs=5)
    assert box[2] - box[0] == whole[2] - whole[0]
    wide = picture(client.get(PAGE, params={"quote": QUOTE, "width": 1400, "crop": 200}).content)
    assert wide.width == pytest.approx(
        whole[2] + 200 * 1400 / 595, abs=10
    )  # it ends at the page's left edge
    other = client.get(PAGE, params={"quote": QUOTE, "width": 1400, "crop": 21})
    assert other.headers["etag"] != response.headers["etag"]


def test_what_is_cut_out_stays_within_the_page_and_half_as_high(tmp_path: Path) -> None:
    lines = [f"Zeile {place} des langen Absatzes" for place in range(20)]
    path = printed(tmp_path / "a.pdf", lines, size=(400, 800))
    cut = picture(page_picture(PictureRequest(str(path), 1, 400, " ".join(lines), 200)))
    assert cut.width <= 400 and cut.height == 400
    path = printed(tmp_path / "b.pdf", ["Sichtbar", *["x"] * 4, "Unter dem Rand"], size=(300, 200))
    with pytest.raises(NoPicture):
        page_picture(PictureRequest(str(path), 1, 300, "Unter dem Rand", 5))
    assert (
        marked(picture(page_picture(PictureRequest(str(path), 1, 300, "Unter dem Rand")))) is None
    )
    assert marked(picture(page_picture(PictureRequest(str(path), 1, 300, "Sichtbar")))) is not None


@cases("path", "status", "problem")
def test_what_there_is_not(client: TestClient, path: str, status: int, problem: str) -> None:
    response = client.get(path)
    assert response.status_code == status
    if problem:
        assert problem_of(response) == (status, problem)


def test_a_quote_that_is_too_long_is_refused(client: TestClient) -> None:
    response = client.get(PAGE, params={"quote": "x" * 4001})
    assert problem_of(response) == (422, "invalid-input")


def test_pictures_are_kept_until_another_edition(tmp_path: Path, pdf: Path) -> None:
    quoting = {"quote": QUOTE}
    with served(tmp_path, {"auenland-report": pdf}) as client:
        first = client.get(PAGE, params=quoting)
        assert first.headers["cache-control"] == "no-cache"
        tag = first.headers["etag"]
        kept = {"If-None-Match": f'"x", W/{tag}'}
        again = client.get(PAGE, params=quoting, headers=kept)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.get(PAGE, headers=kept).status_code == 200
        EditionStore(tmp_path).publish([report()], originals={"auenland-report": pdf})
        assert client.get(PAGE, params=quoting, headers=kept).status_code == 200


def test_the_original_is_what_was_read(client: TestClient, pdf: Path) -> None:
    response = client.get(f"{DOCUMENT}/original")
    assert response.content == pdf.read_bytes()
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"] == 'inline; filename="auenland-report.pdf"'
    assert response.headers["x-content-type-options"] == "nosniff"
    for header, part in (("bytes=0-4", b"%PDF-"), ("Bytes=-5", pdf.read_bytes()[-5:])):
        sent = client.get(f"{DOCUMENT}/original", headers={"Range": header})
        assert (sent.status_code, sent.content) == (206, part)
    known = client.get(f"{DOCUMENT}/original", headers={"If-None-Match": response.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


@cases("header", "status")
def test_a_range_that_there_is_not_is_refused(
    client: TestClient, pdf: Path, header: str, status: int
) -> None:
    response = client.get(f"{DOCUMENT}/original", headers={"Range": header})
    assert response.status_code == status and pdf.read_bytes() not in response.content
    other = client.get(f"{DOCUMENT}/original", headers={"Range": header, "If-Range": '"x"'})
    assert other.status_code == 200


def test_an_original_in_text_says_its_encoding(client: TestClient) -> None:
    response = client.get("/api/v1/documents/auenland-antrag/original")
    assert response.headers["content-type"] == "text/plain; charset=windows-1252"
    assert response.text == "Lärm macht krank."


@pytest.mark.parametrize("make", [locked, damaged])
def test_files_that_cannot_be_drawn_are_a_problem(tmp_path: Path, make: Any) -> None:
    with served(tmp_path / "data", {"auenland-report": make(tmp_path / "report.pdf")}) as client:
        response = client.get(PAGE)
        assert (response.status_code, response.json()["title"]) == (404, "Kein Bild")
        assert client.get(f"{DOCUMENT}/original").status_code == 200


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_marks_turn_with_the_page(tmp_path: Path, turned: int) -> None:
    path = printed(tmp_path / "a.pdf", size=(800, 800), turned=turned)
    image = picture(
        page_picture(PictureRequest(str(path), 1, 800, "Der Bau beginnt am 1. Mai 2026."))
    )
    box = marked(image.rotate(turned))
    assert box is not None
    assert box[:2] == (pytest.approx(60, abs=6), pytest.approx(178, abs=6)) and 250 < box[2] < 290
