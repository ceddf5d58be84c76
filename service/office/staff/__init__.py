"""The staff pages: sign-in, search and export of records, documents, uploads and drafts, decisions,
administration.
"""

import lazy_loader

# The names of this door stand in `__init__.pyi`; each is imported when it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
