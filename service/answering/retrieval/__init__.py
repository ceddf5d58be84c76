"""What the tools search with: the terms of a question, the index, how relevant a hit is, which
sentences to quote.
"""
