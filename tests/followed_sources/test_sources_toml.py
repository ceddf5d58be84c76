"""The list of sources: what may be in it, and errors that name line and source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.followed_sources import load_sources
from service.followed_sources.configuration import SourcesError
from tests.ingest.cases import cases

CONTACT = 'contact = "mailto:amt@kreis.example"\n'
SOURCE = """[[source]]
name = "Kreistag"
kind = "oparl"
address = "https://ratsinfo.example.de/oparl/body/1"
hosts = ["ratsinfo.example.de"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_source_has_defaults_and_what_the_operator_states(tmp_path: Path) -> None:
    more = 'publisher = "Kreis Quell"\ndocument_kind = "motion"\nstatus = "proposed"\nsince = 2024-05-01\n'
    sources = load_sources(written(tmp_path, "\ufeff" + CONTACT + SOURCE + more))
    (source,) = sources.source
    assert source.metadata == {"publisher": "Kreis Quell", "kind": "motion", "status": "proposed"}
    assert (source.every_days, source.most_files) == (1, 20)


@cases("text", "message")
def test_an_error_names_its_line_and_source(tmp_path: Path, text: str, message: str) -> None:
    text = text.replace("{CONTACT}", CONTACT).replace("{SOURCE}", SOURCE)
    with pytest.raises(SourcesError) as error:
        load_sources(written(tmp_path, text))
    assert message in str(error.value)


HOSTS = (
    "localhost",
    "127.0.0.1",
    "169.254.169.254",
    "2130706433",
    "0177.0.0.1",
    "[::1]",
    "::ffff:127.0.0.1",
    "r\u0430tsinfo.example",
)


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_has_a_full_name_in_latin_letters(tmp_path: Path, host: str) -> None:
    text = CONTACT + SOURCE.replace('["ratsinfo', f'["{host}", "ratsinfo')
    with pytest.raises(SourcesError, match="Zeile 6: Quelle „Kreistag“: „hosts“"):
        load_sources(written(tmp_path, text))


ADDRESSES = (
    "file:///etc/passwd",
    "gopher://ratsinfo.example.de/",
    "https://a:b@ratsinfo.example.de/",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_one_of_the_web_without_a_user(tmp_path: Path, address: str) -> None:
    text = CONTACT + re.sub('https://[^"]*', address, SOURCE)
    with pytest.raises(SourcesError, match="Zeile 5: Quelle „Kreistag“"):
        load_sources(written(tmp_path, text))


def test_a_list_that_is_not_there_or_not_in_utf_8_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="nicht lesbar"):
        load_sources(tmp_path / "none.toml")
    (tmp_path / "x.toml").write_bytes(b'contact = "\xff"')
    with pytest.raises(SourcesError, match="UTF-8"):
        load_sources(tmp_path / "x.toml")
