"""The service that answers questions: settings, HTTP, answer pipeline, pages, staff pages, command
line.
"""

import lazy_loader

from prompts import say
from vectorstore.storage import set_wording

set_wording(say)

# The names of this door stand in `__init__.pyi`; each is imported when it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
