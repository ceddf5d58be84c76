"""What the benchmark computes and writes; that it measures is seen by running it."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import page
from tests.benchmarks.__main__ import PAGES
from tests.benchmarks.measured import Measured
from tests.processes import REPOSITORY


def test_every_section_has_its_place_in_the_shipped_pages() -> None:
    page.check(REPOSITORY / "docs/decisions", PAGES)


def test_a_section_is_written_and_what_was_not_measured_stays(tmp_path: Path) -> None:
    text = "# Speed\n\n<!-- users -->\n\nold\n\n<!-- /users -->\n\n<!-- growth -->\n\nkept\n\n<!-- /growth -->\n"
    (tmp_path / "figures-speed.md").write_text(text)
    page.write(tmp_path, "users", Measured({"figures-speed.md": "new"}))
    assert (tmp_path / "figures-speed.md").read_text() == text.replace("old", "new")
