"""The public address in what leaves by mail and by command."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from service.cli.main import app
from service.mail.outbox import feedback_mail
from service.settings import Settings

ADDRESS = "https://lotse.example.org"


def test_a_mail_says_where_it_was_sent_from() -> None:
    with_address = feedback_mail("a", "helpful", "e", "Danke", Settings(public_url=f"{ADDRESS}/"))
    assert with_address.get_content().endswith(f"Danke\n\nGesendet über {ADDRESS}\n")
    assert feedback_mail("a", "helpful", "e", "Danke", Settings()).get_content().endswith("Danke\n")


def test_the_link_to_the_staff_page_begins_with_it(tmp_path: Path) -> None:
    environment = {"STRATEGIELOTSE_PUBLIC_URL": ADDRESS}
    told = CliRunner().invoke(app, ["staff-link", "--data-dir", str(tmp_path)], env=environment)
    assert told.stdout.startswith(f"{ADDRESS}/staff/sign-in?token=")
