"""A language model reads a paper page by page; what it says becomes records only as far as the paper prints it."""
