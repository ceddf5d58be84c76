"""Sets single pages on which one text is to be seen or not, in every way that a PDF knows, with
known truth.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw
from pypdf import PdfWriter
from reportlab.lib.colors import Color
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.ingest.papers import Draw, operators, pdf, then
from tests.ingest.pdf_objects import pdf_object, put, rewritten

SECRET = "Der Rat tritt morgen zurück."
PLAIN = (
    "Der Kreis Quonau baut die Radwege im Norden bis zum Herbst aus.",
    "Die Kosten trägt der Haushalt; zuständig ist das Tiefbauamt.",
    "Über den Fortgang wird im Ausschuss für Verkehr berichtet.",
)
X, Y, SIZE = 80.0, 500.0, 11.0
BOX = (X - 6, Y - 6, 320.0, 22.0)
Area = tuple[float, float, float, float]
Colour = tuple[float, float, float]
WHITE, BLACK, BLUE, GREY = (
    (1, 1, 1),
    (0, 0, 0),
    (0.05, 0.2, 0.5),
    (0.82, 0.82, 0.82),
)


@dataclass(frozen=True)
class Turn:
    """How the page is shown: turned clockwise, its points enlarged, cut to a part, the text within
    a form.
    """

    rotation: int = 0
    unit: float = 1.0
    cropped: bool = False
    form: bool = False


UPRIGHT = Turn()


def say(
    canvas: Canvas,
    colour: Colour = BLACK,
    *,
    size: float = SIZE,
    mode: int = 0,
    x: float = X,
    y: float = Y,
) -> None:
    text = canvas.beginText(x, y)
    text.setFont("Helvetica", size)
    text.setTextRenderMode(mode)
    text.setFillColorRGB(*colour)
    text.setStrokeColorRGB(*colour)
    text.textOut(SECRET)
    text.setTextRenderMode(0)
    canvas.drawText(text)


def fill(canvas: Canvas, colour: Colour, box: Area = BOX) -> None:
    canvas.setFillColorRGB(*colour)
    canvas.rect(*box, stroke=0, fill=1)


def picture(canvas: Canvas, colour: Colour, box: Area = BOX) -> None:
    """Draw a picture of one colour; one of its corners differs, so that it is a picture and not a
    box.
    """
    image = Image.new("RGB", (64, 16), tuple(round(255 * part) for part in colour))
    image.putpixel((63, 15), (200, 30, 30))
    canvas.drawImage(ImageReader(image), *box)


def scan(canvas: Canvas, lines: tuple[str, ...] = PLAIN, height: float = 842) -> None:
    """Draw the picture of a printed page over the page, or over its upper part."""
    image = Image.new("L", (595, round(height)), 248)
    drawn = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        drawn.text((X, 100 + 18 * number), line, fill=20)
    canvas.drawImage(ImageReader(image), 0, 842 - height, 595, height)


def ink(colour: Colour = BLACK, **how: float) -> Draw:
    return lambda canvas: say(canvas, colour, **how)  # type: ignore[arg-type]


def box(colour: Colour, area: Area = BOX) -> Draw:
    return lambda canvas: fill(canvas, colour, area)


def transparent(alpha: float) -> Draw:
    return then(
        lambda canvas: canvas.setFillAlpha(alpha), say, lambda canvas: canvas.setFillAlpha(1)
    )


def scaled(across: float, up: float) -> Draw:
    return then(
        lambda canvas: canvas.translate(X, Y), lambda canvas: canvas.scale(across, up), ink(x=0.0, y=0.0)
    )  # fmt: skip


def clipped(canvas: Canvas, area: Area) -> None:
    path = canvas.beginPath()
    path.rect(*area)
    canvas.clipPath(path, stroke=0, fill=0)


def gradient(letters: Colour, *ground: Colour) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        clipped(canvas, BOX)
        canvas.linearGradient(X, Y, X + 300, Y, [Color(*colour) for colour in ground])
        canvas.restoreState()
        say(canvas, letters)

    return draw


def cut_out(canvas: Canvas) -> None:
    """Letters that are the clip of a box: no text is painted, but it is to be read."""
    canvas.saveState()
    say(canvas, mode=7)
    fill(canvas, BLUE)
    canvas.restoreState()


HIDDEN: dict[str, Draw] = {
    "white on paper": ink(WHITE),
    "nearly black on a black box": then(box(BLACK), ink((0.03, 0.03, 0.03))),
    "white on a white gradient": gradient(WHITE, WHITE, (0.99, 0.99, 0.99)),
    "invisible": ink(mode=3),
    "transparent": transparent(0),
    "nearly transparent": transparent(0.02),
    "white strokes": ink(WHITE, mode=1),
    "under a box": then(say, box(GREY)),
    "under a picture": then(say, lambda canvas: picture(canvas, GREY)),
    "clipped away": then(lambda canvas: clipped(canvas, (X + 250, Y - 10, 300, 30)), say),
    "left of the page": ink(x=-400.0),
    "above the page": ink(y=1400.0),
    "two points": ink(size=2.0),
    "shrunk to two points": scaled(0.2, 0.2),
    "squeezed to a line": scaled(0.01, 1),
}
VISIBLE: dict[str, Draw] = {
    "white on a blue box": then(box(BLUE), ink(WHITE)),
    "white on half a gradient": gradient(WHITE, BLUE, WHITE),
    "faint grey on paper": ink((0.9, 0.9, 0.9)),
    "small faint grey": ink(GREY, size=4.0),
    "small": ink(size=3.4),
    "strokes": ink(mode=1, size=20.0),
    "half transparent": transparent(0.4),
    "hardly clipped": then(lambda canvas: clipped(canvas, (X - 3, Y - 10, 300, 30)), say),
    "the clip of a box": cut_out,
    "struck through": then(say, box(BLACK, (X - 5, Y + 3, 200, 0.8))),
    "in a frame": then(say, lambda canvas: canvas.rect(*BOX)),
}
PRINTED_TWICE: dict[str, Draw] = {
    "bold": then(say, ink(x=X + 0.3)),
    "with a shadow": then(ink(GREY, x=X + 0.7, y=Y - 0.7), say),
    "over itself": then(ink(BLUE), say),
}


def sheet(way: Draw, turn: Turn = UPRIGHT, plain: tuple[str, ...] = PLAIN) -> bytes:
    """Return a page with plain lines and what `way` draws."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", SIZE)
        for number, line in enumerate(plain):
            canvas.drawString(X, 700 - 18 * number, line)
        if turn.form:
            canvas.beginForm("part")
            way(canvas)
            canvas.endForm()
            canvas.translate(10, -4)
            canvas.doForm("part")
        else:
            canvas.saveState()
            way(canvas)
            canvas.restoreState()
        canvas.setFillColorRGB(*BLACK)
        canvas.setFont("Helvetica", SIZE)
        canvas.drawString(X, 120, "Der Bericht wird jährlich fortgeschrieben.")

    def show(writer: PdfWriter) -> None:
        put(writer.pages[0], {"/Rotate": turn.rotation, "/UserUnit": turn.unit})
        if turn.cropped:
            put(writer.pages[0], {"/CropBox": [40, 60, 520, 790]})

    return rewritten(pdf(draw), show)


def layered(shown: bool) -> bytes:
    """Return a page whose secret stands in a layer that is shown or not."""

    def add_layer(writer: PdfWriter) -> None:
        group = writer._add_object(pdf_object({"/Type": "/OCG", "/Name": "Ebene"}))
        state = {"/ON" if shown else "/OFF": [group]}
        put(writer.root_object, {"/OCProperties": {"/OCGs": [group], "/D": state}})
        put(writer.pages[0]["/Resources"], {"/Properties": {"/Layer": group}})

    return rewritten(sheet(then(operators("/OC /Layer BDC"), say, operators("EMC"))), add_layer)
