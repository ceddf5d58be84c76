"""The reader that is a language model: it is shown a document in windows of pages, and claims what
is on them.
"""
