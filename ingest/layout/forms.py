"""Values of the form fields (AcroForm) of a PDF, as words in the boxes of their fields.

Forms made with XFA have these fields too, for programs that do not know XFA.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ctypes import byref, c_float
from textwrap import TextWrapper
from typing import Any

from pypdfium2 import raw

from ingest.layout.pdf_objects import Matrix, move_box, read_remarks, read_string
from ingest.layout.pdf_words import PrintedWord, make_word
from ingest.stream import Box, Style, clean_characters
from vectorstore.language import collapse_spaces

_UNSEEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD = 1 << 13  # flag of a text field
_CHOICES = (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_TICKS = (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)
_TICK = "☑"
_BOX = "☐"
# points: of the letters of fields that leave it to the program
_SMALLEST = 6.0
_LARGEST = 11.0
# of the type size: width of a letter, about, and distance of lines
_LETTER = 0.5
_LINE = 1.2
_SAME_LINE = 0.6  # of the type size: a value is on the line of a label no further away


def read_form_values(
    page: Any, frame: Matrix, words: Sequence[PrintedWord]
) -> tuple[list[PrintedWord], list[str]]:
    """Return the words of what is typed, ticked and chosen in the form fields of a page, and the
    values that cannot be seen, because their field is hidden or has no width. A hidden box without
    a tick is no value. A file without a form has neither.

    A value of one line is put on the line of the nearest of the printed `words`, if that is at its
    field.
    """
    values, unseen = list[PrintedWord](), list[str]()
    if page.formenv is None:
        return values, unseen
    baselines = [word.baseline for word in words]
    for field in read_remarks(page):
        value = _read_value(page.formenv, field)
        box = read_remark_box(field, frame)
        is_seen = not raw.FPDFAnnot_GetFlags(field) & _UNSEEN and box.right - box.left > 1
        if value and is_seen:
            values += place_value(value, box, _read_size(page.formenv, field), baselines)
        elif value and value != _BOX:
            unseen.append(value)
    return values, unseen


def read_remark_box(remark: Any, frame: Matrix) -> Box:
    """Return where a remark or field is on the page as it is read."""
    bounds = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(remark, byref(bounds))
    return Box(*move_box((bounds.left, bounds.bottom, bounds.right, bounds.top), frame))


def _read_value(form: Any, field: Any) -> str:
    """Return what a field shows: its text, the labels of its chosen options (one a line), or a box
    with or without tick. A choice without a chosen option may have a text typed in instead. Return
    "" for no value, for passwords, and for buttons and other fields.
    """
    kind = raw.FPDFAnnot_GetFormFieldType(form, field)
    if kind in _TICKS:
        if raw.FPDFAnnot_IsChecked(form, field):
            return _TICK
        return _BOX
    if kind in _CHOICES:
        chosen = [
            _read_clean(raw.FPDFAnnot_GetOptionLabel, form, field, option)
            for option in range(raw.FPDFAnnot_GetOptionCount(form, field))
            if raw.FPDFAnnot_IsOptionSelected(form, field, option)
        ]
        if chosen:
            return "\n".join(chosen)
    is_secret = raw.FPDFAnnot_GetFormFieldFlags(form, field) & _PASSWORD
    if kind not in (*_CHOICES, raw.FPDF_FORMFIELD_TEXTFIELD) or is_secret:
        return ""
    return _read_clean(raw.FPDFAnnot_GetFormFieldValue, form, field)


def _read_clean(read: Any, *arguments: Any) -> str:
    """Return a string of PDFium with clean characters and without blanks around it."""
    return clean_characters(read_string(read, *arguments)).strip()


def _read_size(form: Any, field: Any) -> float:
    """Return the size of a field's letters in points, 0 where the program chooses it."""
    size = c_float()
    raw.FPDFAnnot_GetFontSize(form, field, byref(size))
    return round(2 * size.value) / 2


def place_value(
    value: str, box: Box, size: float, baselines: Sequence[float]
) -> Iterator[PrintedWord]:
    """Yield the words of a value in the box of its field, in a type `size` (0 if not known); none
    for an empty value.

    The file does not say where the letters are, so they are set as a program would: wrapped to the
    width of the box, in the middle of its height, each letter half its size wide, or less where a
    word would not fit. A value of one line is put on the nearest of the `baselines` of printed
    words, if that is close, so that it is read behind its label.
    """
    height = box.bottom - box.top
    size = size or min(max(round(0.7 * height), _SMALLEST), _LARGEST)
    width = max(int((box.right - box.left) / (_LETTER * size)), 1)  # in letters
    wrapper = TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    lines: list[str] = []
    for paragraph in value.splitlines():
        lines += wrapper.wrap(collapse_spaces(paragraph))
    step = min(_LINE * size, height / max(len(lines), 1))
    baseline = box.top + (height - step * len(lines)) / 2 + 0.8 * step
    if len(lines) == 1:
        nearest = min(baselines, key=lambda other: abs(other - baseline), default=baseline)
        if abs(nearest - baseline) <= _SAME_LINE * size:
            baseline = nearest
    for line in lines:
        letter = min(_LETTER * size, (box.right - box.left) / len(line))
        left = box.left
        for word in line.split():
            right = left + letter * len(word)
            yield make_word(word, left, right - 0.1, baseline, Style(size))._replace(typed=True)
            left = right + letter
        baseline += step
