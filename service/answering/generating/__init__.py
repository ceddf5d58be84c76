"""A language model's draft: what it is shown, how its sentences are read, and what must bear them out."""
