"""The command line: a file for each group of commands, and all of them in `main`; part of the
composition root.
"""

import lazy_loader

# The names of this door stand in `__init__.pyi`; each is imported when it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
