"""Records, editions and indexes: what the documents hold and how it is found."""

import os

import lazy_loader

# Our matrices are small: on a busy machine BLAS threads that wait for each other took ten times
# longer than one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The names of this door stand in `__init__.pyi`; each is imported when it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
