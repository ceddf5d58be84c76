"""What the benchmark writes; that it measures is seen by running it."""

from __future__ import annotations

from lab.benchmarks.__main__ import PAGE, SECTIONS, written


def test_every_section_has_its_place_in_the_shipped_page_and_only_it_is_written() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for section in SECTIONS:
        before, _, remaining = page.partition(f"<!-- {section} -->")
        after = remaining.partition(f"<!-- /{section} -->")[2]
        new = written(page, section, "measured anew")
        assert new.startswith(before) and new.endswith(after) and "measured anew" in new
