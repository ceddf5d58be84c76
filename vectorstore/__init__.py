"""Records, editions and indexes: what the documents hold and how it is found."""

import os

# Our matrices are small: on a busy machine BLAS threads that wait for each other took ten times
# longer than one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
