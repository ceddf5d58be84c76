"""Sets single pages on which one text is to be seen or not, in every way that a PDF knows, with known truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject
from reportlab.lib.colors import Color
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

SECRET = "Der Rat tritt morgen zurück."
PLAIN = (
    "Der Kreis Quonau baut die Radwege im Norden bis zum Herbst aus.",
    "Die Kosten trägt der Haushalt; zuständig ist das Tiefbauamt.",
    "Über den Fortgang wird im Ausschuss für Verkehr berichtet.",
)
X, Y, SIZE = 80.0, 500.0, 11.0
BOX = (X - 6, Y - 6, 320.0, 22.0)
Colour = tuple[float, float, float]
WHITE, BLACK, BLUE, GREY, YELLOW = (1, 1, 1), (0, 0, 0), (0.05, 0.2, 0.5), (0.82, 0.82, 0.82), (1, 0.9, 0)
Way = Callable[[Canvas], None]


@dataclass(frozen=True)
class Turn:
    """How the page is shown: turned clockwise, its points enlarged, cut to a part, the text within a form."""

    rotation: int = 0
    unit: float = 1.0
    cropped: bool = False
    form: bool = False


def say(
    canvas: Canvas, colour: Colour = BLACK, *, size: float = SIZE, mode: int = 0, x: float = X, y: float = Y
) -> None:
    """Print the secret."""
    text = canvas.beginText(x, y)
    text.setFont("Helvetica", size)
    text.setTextRenderMode(mode)
    text.setFillColorRGB(*colour)
    text.setStrokeColorRGB(*colour)
    text.textOut(SECRET)
    text.setTextRenderMode(0)
    canvas.drawText(text)


def fill(canvas: Canvas, colour: Colour, box: tuple[float, float, float, float] = BOX) -> None:
    canvas.setFillColorRGB(*colour)
    canvas.rect(*box, stroke=0, fill=1)


def picture(canvas: Canvas, colour: Colour, box: tuple[float, float, float, float] = BOX) -> None:
    """Draw a picture of one colour; one of its corners differs, so that it is a picture and not a box."""
    image = Image.new("RGB", (64, 16), tuple(round(255 * part) for part in colour))
    image.putpixel((63, 15), (200, 30, 30))
    canvas.drawImage(ImageReader(image), *box)


def scan(canvas: Canvas, lines: tuple[str, ...] = PLAIN, width: float = 595, height: float = 842) -> None:
    """Draw the picture of a printed page over the whole page."""
    image = Image.new("L", (round(width), round(height)), 248)
    drawn = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        drawn.text((X, 100 + 18 * number), line, fill=20)
    canvas.drawImage(ImageReader(image), 0, 0, width, height)


def _aside(**place: float) -> Way:
    return lambda canvas: say(canvas, **place)  # type: ignore[arg-type]


def _on(ground: Colour, letters: Colour) -> Way:
    def draw(canvas: Canvas) -> None:
        fill(canvas, ground)
        say(canvas, letters)

    return draw


def _on_picture(ground: Colour, letters: Colour) -> Way:
    def draw(canvas: Canvas) -> None:
        picture(canvas, ground)
        say(canvas, letters)

    return draw


def _under(cover: Callable[[Canvas, Colour], None]) -> Way:
    def draw(canvas: Canvas) -> None:
        say(canvas)
        cover(canvas, GREY)

    return draw


def _transparent(alpha: float) -> Way:
    def draw(canvas: Canvas) -> None:
        canvas.setFillAlpha(alpha)
        say(canvas)
        canvas.setFillAlpha(1)

    return draw


def _clipped(left: float) -> Way:
    """Clip to a box that begins `left` of the text's beginning; more than its width leaves nothing."""

    def draw(canvas: Canvas) -> None:
        path = canvas.beginPath()
        path.rect(X + left, Y - 10, 300, 30)
        canvas.clipPath(path, stroke=0, fill=0)
        say(canvas)

    return draw


def _shrunk(canvas: Canvas) -> None:
    canvas.translate(X, Y)
    canvas.scale(0.2, 0.2)
    say(canvas, x=0, y=0)


def _squeezed(canvas: Canvas) -> None:
    canvas.translate(X, Y)
    canvas.scale(0.01, 1)
    say(canvas, x=0, y=0)


def _crossed(canvas: Canvas) -> None:
    """White letters on paper, crossed by table lines: some pixels change with them, none can be read."""
    for x in (X + 20, X + 70, X + 110):
        fill(canvas, BLACK, (x, Y - 20, 0.8, 50))
    fill(canvas, BLACK, (X - 10, Y + 3, 300, 0.6))
    say(canvas, WHITE)


def _behind_words(canvas: Canvas) -> None:
    """White letters with others printed over them in the same place."""
    say(canvas, WHITE)
    canvas.setFillColorRGB(*YELLOW)
    canvas.setFont("Helvetica", SIZE)
    canvas.drawString(X, Y, "Radwege werden verbreitert.")


def _within_letter(canvas: Canvas) -> None:
    """Small letters within the black stem of a huge one."""
    canvas.setFillColorRGB(*BLACK)
    canvas.setFont("Helvetica-Bold", 600)
    canvas.drawString(X, Y - 300, "I")
    say(canvas, size=3.5, x=X + 60, y=Y - 200)


def _gradient(letters: Colour, *ground: Colour) -> Way:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(*BOX)
        canvas.clipPath(path, stroke=0, fill=0)
        canvas.linearGradient(X, Y, X + 300, Y, [Color(*colour) for colour in ground])
        canvas.restoreState()
        say(canvas, letters)

    return draw


def _cut_out(canvas: Canvas) -> None:
    """Letters that are the clip of a gradient: no text is painted, but it is to be read."""
    canvas.saveState()
    say(canvas, mode=7)
    fill(canvas, BLUE)
    canvas.restoreState()


def _bold(canvas: Canvas) -> None:
    for shift in (0, 0.3):
        say(canvas, x=X + shift)


def _shadow(canvas: Canvas) -> None:
    say(canvas, GREY, x=X + 0.7, y=Y - 0.7)
    say(canvas)


def _over_itself(canvas: Canvas) -> None:
    say(canvas, BLUE)
    say(canvas)


def _struck(canvas: Canvas) -> None:
    say(canvas)
    fill(canvas, BLACK, (X - 5, Y + 3, 200, 0.8))


def _framed(canvas: Canvas) -> None:
    say(canvas)
    canvas.setStrokeColorRGB(*BLACK)
    canvas.rect(*BOX)


HIDDEN: dict[str, Way] = {
    "white on paper": lambda canvas: say(canvas, WHITE),
    "nearly white on paper": lambda canvas: say(canvas, (0.98, 0.98, 0.97)),
    "white on a white box": _on(WHITE, WHITE),
    "blue on a blue box": _on(BLUE, BLUE),
    "black on a black box": _on(BLACK, BLACK),
    "nearly black on a black box": _on(BLACK, (0.03, 0.03, 0.03)),
    "white on a white picture": _on_picture(WHITE, WHITE),
    "grey on a grey picture": _on_picture(GREY, GREY),
    "white on a white gradient": _gradient(WHITE, WHITE, (0.99, 0.99, 0.99)),
    "invisible": lambda canvas: say(canvas, mode=3),
    "a clip of nothing": lambda canvas: say(canvas, mode=7),
    "transparent": _transparent(0),
    "nearly transparent": _transparent(0.02),
    "white strokes": lambda canvas: say(canvas, WHITE, mode=1),
    "under a box": _under(fill),
    "under a picture": _under(picture),
    "clipped away": _clipped(250),
    "left of the page": _aside(x=-400.0),
    "above the page": _aside(y=1400.0),
    "two points": _aside(size=2.0),
    "shrunk to two points": _shrunk,
    "squeezed to a line": _squeezed,
    "white, crossed by lines": _crossed,
    "white, behind other words": _behind_words,
    "within a letter": _within_letter,
}
VISIBLE: dict[str, Way] = {
    "black": lambda canvas: say(canvas),
    "white on a blue box": _on(BLUE, WHITE),
    "white on a yellow box": _on(YELLOW, WHITE),
    "grey on a blue picture": _on_picture(BLUE, GREY),
    "black on a white picture": _on_picture(WHITE, BLACK),
    "white on half a gradient": _gradient(WHITE, BLUE, WHITE),
    "yellow on paper": lambda canvas: say(canvas, YELLOW),
    "faint grey on paper": lambda canvas: say(canvas, (0.9, 0.9, 0.9)),
    "small faint grey": lambda canvas: say(canvas, GREY, size=4.0),
    "small": _aside(size=3.4),
    "strokes": lambda canvas: say(canvas, mode=1, size=20.0),
    "half transparent": _transparent(0.4),
    "hardly clipped": _clipped(-3),
    "the clip of a box": _cut_out,
    "struck through": _struck,
    "in a frame": _framed,
}
PRINTED_TWICE: dict[str, Way] = {"bold": _bold, "with a shadow": _shadow, "over itself": _over_itself}


def sheet(path: Path, way: Way, turn: Turn = Turn(), plain: tuple[str, ...] = PLAIN) -> Path:
    """Write a page with plain lines and what `way` draws."""
    canvas = Canvas(str(path), pagesize=(595, 842))
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
    canvas.save()
    return _turned(path, turn)


def _turned(path: Path, turn: Turn) -> Path:
    if turn == Turn(form=turn.form):
        return path
    writer = PdfWriter(clone_from=PdfReader(path))
    page = writer.pages[0]
    page[NameObject("/Rotate")] = FloatObject(turn.rotation)
    page[NameObject("/UserUnit")] = FloatObject(turn.unit)
    if turn.cropped:
        page.cropbox.lower_left, page.cropbox.upper_right = (40, 60), (520, 790)
    writer.write(path)
    return path


def layered(path: Path, shown: bool) -> Path:
    """Write a page whose secret stands in a layer that is shown or not."""

    def draw(canvas: Canvas) -> None:
        canvas._code.append("/OC /Layer BDC")
        say(canvas)
        canvas._code.append("EMC")

    sheet(path, draw)
    writer = PdfWriter(clone_from=PdfReader(path))
    group = writer._add_object(
        DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("Ebene")})
    )
    state = DictionaryObject({NameObject("/ON" if shown else "/OFF"): ArrayObject([group])})
    properties = DictionaryObject({NameObject("/OCGs"): ArrayObject([group]), NameObject("/D"): state})
    writer.root_object[NameObject("/OCProperties")] = properties
    resources = writer.pages[0]["/Resources"].get_object()
    assert isinstance(resources, DictionaryObject)
    resources[NameObject("/Properties")] = DictionaryObject({NameObject("/Layer"): group})
    writer.write(path)
    return path
