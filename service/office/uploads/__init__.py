"""Documents that staff upload: received into a private folder, read by a job, and stored as a draft
edition.
"""

import lazy_loader

# The names of this door stand in `__init__.pyi`; each is imported when it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
