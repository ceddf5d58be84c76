from .highlight import Piece as Piece
from .highlight import find_quote as find_quote
from .highlight import paragraphs as paragraphs
from .page_renderer import PageFailed as PageFailed
from .page_renderer import PageRenderer as PageRenderer
from .page_renderer import RendererBusy as RendererBusy
from .requests import NoPicture as NoPicture
from .requests import PictureRequest as PictureRequest
