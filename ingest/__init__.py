"""Ingestion: from the files of a register to an edition with text, items, chunks and a report."""

import lazy_loader

from prompts import say
from vectorstore.storage import set_wording

set_wording(say)  # errors of the vector store have the German texts of prompts

# The names of this door stand in `__init__.pyi`; each is imported when it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
