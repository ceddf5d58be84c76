"""The citizens' widget: ES modules as browsers load them, cached in memory with a digest for
ETags, and their routes (/config, /widget.js, /embed).
"""

import lazy_loader

# The names of this door stand in `__init__.pyi`; each is imported when it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
