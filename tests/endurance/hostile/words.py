"""Word files whose archive or whose XML is not what it says, too deep, too wide, too much, or points elsewhere."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
from copy import deepcopy
from random import Random

from lxml import etree

from tests.endurance.hostile.making import Made, Originals, Way
from tests.endurance.hostile.setting import WORD, docx_of, zipped
from tests.endurance.hostile.texts import PROSE, UNITS

P = f"<w:p><w:r><w:t>{PROSE}</w:t></w:r></w:p>"
NAMES = (
    "p", "r", "t", "tbl", "tr", "tc", "sdt", "sdtContent", "ins", "del", "moveFrom", "hyperlink", "fldSimple", "pict",
    "txbxContent", "smartTag", "customXml", "footnoteReference", "br", "tab", "sectPr", "object", "altChunk",
)  # fmt: skip
VALUES = (
    "",
    "-1",
    "0",
    "1000000",
    "99999999999999999999",
    "NaN",
    "x" * 100_000,
    "../../etc/passwd",
    "\u202e",
    "1.5",
    "Heading1",
)
TARGETS = (
    "http://127.0.0.1:9/x",
    "file:///etc/passwd",
    "../../../../etc/passwd",
    "/word/document.xml",
    "",
    "#",
    "NULL",
)


def zip_entries(chance: Random, originals: Originals) -> Made:
    """An archive with parts twice, missing, renamed, mixed up, nested or thousands of them."""
    members = _members(originals.one(chance, "docx"))
    names = list(members)
    name, other = chance.sample(names, 2)
    match chance.randrange(7):
        case 0:
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for one in [*names, name]:
                    archive.writestr(one, members[chance.choice((one, one, other))])
            return Made("docx", packed.getvalue())
        case 1:
            del members[name]
        case 2:
            members[chance.choice(("../../x.xml", "/etc/x", "word\\document.xml", name.upper(), "a" * 60_000))] = (
                members.pop(name)
            )
        case 3:
            members[name], members[other] = members[other], members[name]
        case 4:
            members[name] = zipped(members)
        case 5:
            members |= {f"word/teil{number}.xml": b"<a/>" for number in range(chance.choice((100, 4_000, 6_000)))}
        case _:
            members[name] = members[name] * chance.choice((0, 2)) + chance.randbytes(chance.choice((0, 99)))
    return Made("docx", zipped(members))


def zip_numbers(chance: Random, originals: Originals) -> Made:
    """An archive whose headers tell other sizes, places, methods, checks, names and numbers of parts."""
    made = bytearray(originals.one(chance, "docx"))
    headers = [(match.start(), match[0]) for match in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", made)]
    for _ in range(chance.choice((1, 3, 20))):
        place, kind = chance.choice(headers)
        field = chance.randrange(4, {b"PK\x03\x04": 30, b"PK\x01\x02": 46}.get(kind, 22) - 4)
        value = chance.choice((0, 1, 8, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF, len(made), chance.randrange(len(made))))
        struct.pack_into(
            *chance.choice((("<I", made, place + field, value), ("<H", made, place + field, value & 0xFFFF)))
        )
    return Made("docx", bytes(made))


def bombs(chance: Random, originals: Originals) -> Made:
    """Parts that are small packed and large unpacked."""
    unit = chance.choice(
        (" ", "<w:p/>", P, "<w:br/>", f"<w:r><w:t>{chance.choice(UNITS[:20])}</w:t></w:r>", "<!-- x -->")
    )
    size = chance.choice((1_900_000, 8_000_000, 40_000_000))
    body = unit * (size // len(unit))
    if chance.random() < 0.3:
        return Made("docx", docx_of(P, parts={"word/styles.xml": f"<a>{body}</a>", "word/media/a.bin": body}))
    return Made("docx", docx_of(P + (f"<w:p>{body}</w:p>" if unit.startswith("<w:r>") else body)))


def xml_nested(chance: Random, originals: Originals) -> Made:
    """Elements within elements: tables in cells, text boxes in runs, changes in changes."""
    names = chance.sample(NAMES, chance.randrange(1, 4))
    if chance.random() < 0.5:
        names = list(
            chance.choice((("tbl", "tr", "tc"), ("sdt", "sdtContent"), ("p", "r", "pict", "txbxContent"), ("ins",)))
        )
    depth = chance.choice((20, 80, 240, 1_000, 60_000)) // len(names) + 1
    opened = "".join(f"<w:{name}>" for name in names) + chance.choice(("", P))
    closed = "".join(f"</w:{name}>" for name in reversed(names))
    return Made("docx", docx_of(P + opened * depth + closed * depth + P))


def xml_wide(chance: Random, originals: Originals) -> Made:
    """Rows of thousands of cells, cells that span a million, attributes and texts of a megabyte."""
    span = f'<w:tcPr><w:gridSpan w:val="{chance.choice(VALUES[:5])}"/>{chance.choice(("", "<w:vMerge/>"))}</w:tcPr>'
    row = f"<w:tr>{f'<w:tc>{span}{P}</w:tc>' * chance.choice((1, 60, 3_000))}</w:tr>"
    table = f"<w:tbl>{row * chance.choice((1, 4, 30))}</w:tbl>"[:3_000_000]
    table = table if table.endswith("</w:tbl>") else ""
    text = chance.choice(UNITS).replace("&", "").replace("<", "") * 20_000
    heavy = f'<w:p w:rsidR="{"x" * chance.choice((9, 900_000))}"><w:r><w:t>{text}</w:t></w:r></w:p>'
    return Made("docx", docx_of(P + table + heavy + P))


def xml_entities(chance: Random, originals: Originals) -> Made:
    """Document types with entities that swell, point to files, or call themselves."""
    swelling = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    told = chance.choice((
        f'<!ENTITY a0 "hahaha">{swelling}', '<!ENTITY a9 SYSTEM "file:///etc/passwd">', '<!ENTITY a9 "&a9;">',
        '<!ENTITY % b SYSTEM "http://127.0.0.1:9/x"> %b;', "",
    ))  # fmt: skip
    body = f"<w:p><w:r><w:t>{PROSE} {'&a9;' * chance.choice((0, 1, 9))}</w:t></w:r></w:p>"
    head = f"<!DOCTYPE w [{told}]>"
    if chance.random() < 0.5:
        return Made("docx", docx_of(body, head))
    return Made("docx", docx_of(P, parts={"word/styles.xml": f"{head}<w:styles xmlns:w='{WORD}'>{body}</w:styles>"}))


def harmed_parts(chance: Random, originals: Originals) -> Made:
    """A Word file with elements left out, doubled, moved, renamed or nested, and attributes with other values."""
    members = _members(originals.one(chance, "docx"))
    trees = {name: etree.fromstring(content) for name, content in members.items() if name.endswith((".xml", ".rels"))}
    name = "word/document.xml" if chance.random() < 0.5 else chance.choice(list(trees))
    for _ in range(chance.choice((1, 5, 60, 500))):
        elements = list(trees[name].iter(etree.Element))[1:]
        if elements:
            _harm(chance.choice(elements), chance.choice(elements), chance)
    content = etree.tostring(trees[name])
    return Made("docx", zipped(members | {name: content}) if len(content) < 20_000_000 else zipped(members))


def _harm(one: etree._Element, other: etree._Element, chance: Random) -> None:
    """Harm one element; `other` is of the same tree."""
    match chance.randrange(6):
        case 0 if one.getparent() is not None:
            one.getparent().remove(one)
        case 1 if one.getparent() is not None and len(one) < 20:
            one.addnext(deepcopy(one))
        case 2 if one not in list(other.iterancestors()) and one is not other:
            other.append(one)
        case 3:
            one.tag = f"{{{WORD}}}{chance.choice(NAMES)}"
        case 4 if one.attrib:
            one.set(chance.choice(list(one.attrib)), chance.choice(VALUES + TARGETS))
        case _:
            one.text = chance.choice((None, PROSE, "9" * 400, "M-01 " * 900))


def loops(chance: Random, originals: Originals) -> Made:
    """Styles that are based on themselves, numberings that point in a circle, relations to everywhere."""
    names = [f"S{number}" for number in range(chance.choice((1, 2, 3_000)))]
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="heading {number}"/>'
        f'<w:basedOn w:val="{names[(number + 1) % len(names)]}"/></w:style>'
        for number, name in enumerate(names)
    )
    members = _members(originals.one(chance, "docx"))
    replaced = {"word/styles.xml": f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>'.encode()}
    relations = [name for name in members if name.endswith(".rels")]
    name = chance.choice(relations)
    content = members[name].decode()
    for _ in range(chance.choice((1, 9))):
        content = _pointed(content, f'Target="{chance.choice(TARGETS)}"', chance)
    mode = chance.choice(("", ' TargetMode="External"'))
    replaced[name] = content.replace("/>", f"{mode}/>", chance.choice((0, 1, 9))).encode()
    body = members["word/document.xml"].decode().replace('w:pStyle w:val="', 'w:pStyle w:val="S0" w:x="')
    replaced["word/document.xml"] = body.encode()
    return Made("docx", zipped(members | replaced))


def _pointed(content: str, target: str, chance: Random) -> str:
    """Return relations of which some point elsewhere."""
    return re.sub(r'Target="[^"]*"', lambda match: target if chance.random() < 0.3 else match[0], content)


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


WAYS: tuple[Way, ...] = (zip_entries, zip_numbers, bombs, xml_nested, xml_wide, xml_entities, harmed_parts, loops)
