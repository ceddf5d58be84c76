"""Hostile sources that lead elsewhere or name things so that they do harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.followed_sources.blind import hostile_bodies as bodies
from tests.followed_sources.blind.hostile_bodies import JSON, Maker

NOTHING = "nothing"  # no file is fetched, nobody else is asked, the source's failure is told
AT_MOST_GOOD = "at most the good file"  # what is hostile is left out or cleaned
SOME = "some"  # up to the limit of files of a run; the rest waits or is left out


@dataclass(frozen=True)
class HostileCase:
    """A hostile source.

    `at` is where the path of what is hostile begins, `make` what is answered there. `dns` says what
    addresses a name has, one tuple for each time of asking, the last for ever after. `also` are the
    targets that a trusting operator lists among the hosts.
    """

    name: str
    kind: str
    does: str
    expect: str = NOTHING
    make: Maker | None = None
    at: str = "/liste"
    address: str = "{base}/liste"
    dns: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    also: tuple[str, ...] = ()


def redirect_cases() -> Iterator[HostileCase]:
    """Return the sources that redirect."""
    targets = (
        ("loopback", "{victim}/geheim.pdf", ("127.0.0.1",)),
        ("metadata", "http://169.254.169.254/latest/meta-data/", ("169.254.169.254",)),
        ("ipv6_loopback", "http://[::1]/", ("[::1]", "::1")),
        ("private", "http://10.0.0.7/", ("10.0.0.7",)),
        ("carrier_grade", "http://100.64.0.9/", ("100.64.0.9",)),
        ("mapped", "http://[::ffff:127.0.0.1]/", ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1")),
        ("unique_local", "http://[fd00::1]/", ("[fd00::1]", "fd00::1")),
        ("nat64", "http://[64:ff9b::7f00:1]/", ("[64:ff9b::7f00:1]", "64:ff9b::7f00:1")),
        ("decimal", "http://2130706433/", ("2130706433",)),
        ("octal", "http://0177.0.0.1/", ("0177.0.0.1",)),
        ("unspecified", "http://0.0.0.0/", ("0.0.0.0",)),
    )
    for name, target, also in targets:
        does = f"the source redirects to {target}"
        yield HostileCase(f"redirect_{name}", "page", does, make=bodies.redirect(target), also=also)
    others = (
        ("file_scheme", "file:///etc/passwd"),
        ("gopher", "gopher://{host}:{port}/_GET%20/"),
        ("credentials", "http://{host}:{port}@fremd.example/liste"),
        ("backslash", "http://fremd.example\\@{host}:{port}/liste"),
        ("suffix_host", "http://{host}.fremd.example/liste"),
        ("lookalike", "http://xn--rtsinfo-2fg.auental.example/liste"),
        ("other_port", "http://{host}:{victim_port}/liste"),
    )
    for name, target in others:
        yield HostileCase(
            f"redirect_{name}",
            "oparl",
            f"the source redirects to {target}",
            make=bodies.redirect(target),
        )
    yield HostileCase(
        "redirect_chain",
        "page",
        "the source redirects to a new address of its host, without an end",
        make=bodies.redirect_chain,
    )
    yield HostileCase(
        "redirect_file_loopback",
        "oparl",
        "the file, not the list, redirects to 127.0.0.1",
        make=bodies.redirect("{victim}/geheim.pdf"),
        at="/datei/",
        also=("127.0.0.1",),
    )
    yield HostileCase(
        "redirect_robots_loopback",
        "page",
        "robots.txt redirects to 127.0.0.1",
        AT_MOST_GOOD,
        make=bodies.redirect("{victim}/robots.txt"),
        at="/robots.txt",
        also=("127.0.0.1",),
    )


def address_cases() -> Iterator[HostileCase]:
    """Return the sources whose name, address or links lead elsewhere."""
    answers: tuple[tuple[str, list[tuple[str, ...]]], ...] = (
        ("private", [("10.1.2.3",)]),
        ("mixed", [("203.0.113.10", "127.0.0.1")]),
        ("rebinding", [("203.0.113.10",), ("127.0.0.1",)]),
        ("mapped", [("::ffff:10.0.0.1",)]),
        ("six_to_four", [("2002:7f00:1::",)]),
        ("link_local", [("fe80::1",)]),
    )
    for name, found in answers:
        host = f"{name.replace('_', '-')}.auental.example"
        yield HostileCase(
            f"dns_{name}",
            "page",
            f"the name of the source resolves to {found}",
            address=f"http://{host}/liste",
            dns={host: found},
        )
    addresses = (
        ("file_scheme", "file:///etc/passwd", "a file of the machine"),
        ("gopher", "gopher://127.0.0.1:70/", "another scheme"),
        ("credentials", "http://nutzer:geheim@ratsinfo.auental.example/liste", "has credentials"),
        ("metadata", "http://169.254.169.254/latest/meta-data/", "a link-local address"),
        ("lookalike", "http://r\u0430tsinfo.auental.example/liste", "has a Cyrillic letter"),
    )
    for name, address, does in addresses:
        yield HostileCase(
            f"source_{name}", "page", f"the address of the source: {does}", address=address
        )
    yield HostileCase(
        "links_private",
        "page",
        "the page links to files at 127.0.0.1, 10.0.0.7, [::1] and another host",
        make=bodies.names_files(
            "page",
            "{victim}/a.pdf",
            "http://10.0.0.7/b.pdf",
            "http://[::1]/c.pdf",
            "//fremd.example/d.pdf",
        ),
        also=("127.0.0.1", "10.0.0.7", "[::1]"),
    )
    yield HostileCase(
        "files_other_schemes",
        "oparl",
        "accessUrl is file:, gopher:, ftp: or data:",
        make=bodies.names_files(
            "oparl",
            "file:///etc/passwd",
            "gopher://127.0.0.1/x.pdf",
            "ftp://127.0.0.1/x.pdf",
            "data:application/pdf;base64,JVBERi0=",
        ),
    )
    yield HostileCase(
        "base_elsewhere",
        "page",
        "<base href> leads relative links to another host",
        make=bodies.base_elsewhere,
    )


def content_cases() -> Iterator[HostileCase]:
    """Return the sources whose lists have the wrong shape, or names that do harm."""
    nested = '{"data": ' + "[" * 100_000 + "]" * 100_000 + "}"
    digits = "1" + "0" * 1_000_000
    huge = f'{{"data": [], "pagination": {{"totalPages": {digits}, "currentPage": 1e999}}, "links": {{}}}}'
    wrong = '{"data": {"id": 7, "mainFile": [[]]}, "links": "x", "pagination": []}'
    wrong_items = '{"data": [null, 7, "x", [], {}, {"id": 7, "name": {}, "mainFile": 7, "auxiliaryFile": {}}], "links": {"next": 7}}'
    title = "Strategie Auental"
    yield HostileCase(
        "json_deep", "oparl", "100,000 lists in each other", make=bodies.text(nested, JSON)
    )
    yield HostileCase(
        "json_huge_number", "oparl", "a number of a million digits", make=bodies.text(huge, JSON)
    )
    yield HostileCase(
        "json_binary", "oparl", "bytes that are no UTF-8", make=bodies.random_bytes(JSON)
    )
    yield HostileCase(
        "json_wrong_shape",
        "oparl",
        "an object where the list was due",
        make=bodies.text(wrong, JSON),
    )
    yield HostileCase(
        "json_wrong_items",
        "oparl",
        "null, numbers and texts where papers were due",
        make=bodies.text(wrong_items, JSON),
    )
    yield HostileCase(
        "name_surrogate",
        "oparl",
        "half a surrogate in title and file name",
        AT_MOST_GOOD,
        bodies.names_paper(f"{title} \ud800", "strategie\udfff.pdf"),
    )
    yield HostileCase(
        "name_nul",
        "oparl",
        "NUL in title and file name",
        AT_MOST_GOOD,
        bodies.names_paper(f"{title}\x00", "strategie\x00.pdf"),
    )
    yield HostileCase(
        "name_traversal",
        "oparl",
        "a file name that climbs out of its folder",
        AT_MOST_GOOD,
        bodies.names_paper(title, "../../../../tmp/strategie.pdf"),
    )
    yield HostileCase(
        "name_traversal_path",
        "oparl",
        "an address that climbs out, escaped",
        AT_MOST_GOOD,
        bodies.names_paper(title, "", "/datei/..%2f..%2f..%2ftmp%2fstrategie.pdf"),
    )
    yield HostileCase(
        "name_disposition",
        "oparl",
        "Content-Disposition climbs out of its folder",
        AT_MOST_GOOD,
        bodies.disposition,
        "/datei/",
    )
    yield HostileCase(
        "name_long",
        "oparl",
        "a title of a megabyte, a file name of 5,000 letters",
        AT_MOST_GOOD,
        bodies.names_paper("Strategie " * 100_000, "a" * 5000 + ".pdf"),
    )
    yield HostileCase(
        "name_reversed",
        "oparl",
        "a file name that is turned round on the page",
        AT_MOST_GOOD,
        bodies.names_paper(f"{title} \u202efdp", "strategie\u202efdp.exe"),
    )
    yield HostileCase(
        "name_markup",
        "oparl",
        "a script in the title",
        AT_MOST_GOOD,
        bodies.names_paper(
            f"{title} <script>alert(1)</script><img src=x onerror=alert(2)>", "strategie.pdf"
        ),
    )
    yield HostileCase(
        "name_terminal",
        "oparl",
        "codes for terminals and line ends in the title",
        AT_MOST_GOOD,
        bodies.names_paper(f"{title}\x1b[2J\x1b]0;x\x07\r\nX-A: b", "strategie.pdf"),
    )
    yield HostileCase(
        "name_formula",
        "oparl",
        "a formula as title",
        AT_MOST_GOOD,
        bodies.names_paper(
            '=HYPERLINK("http://fremd.example";"Strategie Auental")', "strategie.pdf"
        ),
    )
