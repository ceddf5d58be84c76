"""A language model writes questions for items, which search uses: batches of items, cache of
replies, writer.
"""
