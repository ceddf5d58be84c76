"""The start page of a normal installation: the chat, whose papers it answers from, and a form without scripts."""

from __future__ import annotations

import html
import re

from starlette.testclient import TestClient

QUESTION = "Was ist der Lastenradverleih?"


def words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def test_the_chat_is_what_a_normal_installation_shows(client: TestClient) -> None:
    page = client.get("/").text
    assert '<strategielotse-chat mode="page"' in page and 'src="/widget.js"' in page
    assert client.get("/chat").text == page
    statement = words(page)
    for part in ("Kreis Auenland", "Nachhaltigkeitsbericht Kreis Auenland", "Stand 01.03.2026", "Beispieldaten"):
        assert part in statement
    assert "Bitte wenden Sie sich an die Kreisverwaltung." in statement


def test_without_scripts_a_form_asks_and_the_server_answers(client: TestClient) -> None:
    page = client.get("/").text
    assert re.search(r'<form[^>]* action="/" method="get"', page) and 'name="frage"' in page
    answered = client.get("/", params={"frage": QUESTION})
    assert answered.status_code == 200
    assert 'class="answer-text"' in answered.text and "Lastenradverleih" in words(answered.text)
    assert words(answered.text) == words(client.get("/ask", params={"q": QUESTION}).text)
    assert client.get("/", params={"frage": "x" * 501}).status_code == 422
    links = [html.unescape(match) for match in re.findall(r'<li><a href="(/\?frage=[^"]+)"', page)]
    assert links and client.get(links[-1]).status_code == 200
