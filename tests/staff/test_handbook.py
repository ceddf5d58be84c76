"""The handbook at /staff/hilfe: for staff alone, with all its pictures and anchors."""

from __future__ import annotations

import re
from importlib.resources import files
from urllib.parse import unquote

from tests.staff.conftest import ClientFor
from tests.staff.signing_in import signed_in

PATH = "/staff/hilfe"
MOST_BYTES = 1_500_000


def test_staff_read_it_with_its_pictures_and_strangers_do_not(client_for: ClientFor) -> None:
    stranger = client_for()
    for path in (PATH, f"{PATH}/handbuch-suchen.webp"):
        assert stranger.get(path, follow_redirects=False).status_code in (303, 403)
    staff = signed_in(client_for())
    page = staff.get(PATH)
    assert page.status_code == 200 and "<h1" in page.text
    assert f'href="{PATH}"' in staff.get("/staff/administration").text, "the menu leads there"
    pictures = re.findall(r'<img src="(/staff/hilfe/[^"]+)" alt="[^"]+"', page.text)
    assert len(pictures) > 4
    for picture in pictures:
        reply = staff.get(picture)
        assert reply.headers["content-type"] == "image/webp" and reply.content[:4] == b"RIFF"
    assert staff.get(f"{PATH}/fehlt.webp").status_code == 404
    folder = files("service.office.staff.handbook")
    shipped = [file for file in folder.iterdir() if file.name.endswith(".webp")]
    assert {file.name for file in shipped} == {path.rpartition("/")[2] for path in pictures}
    assert sum(len(file.read_bytes()) for file in shipped) < MOST_BYTES


def test_each_entry_of_its_contents_leads_to_a_heading(client_for: ClientFor) -> None:
    text = signed_in(client_for()).get(PATH).text
    linked = set(re.findall(r'<a href="#([^"]+)">', text)) - {"inhalt"}
    assert len(linked) > 10
    assert {unquote(link) for link in linked} <= set(re.findall(r'<h2 id="([^"]+)"', text))
