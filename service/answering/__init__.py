"""Answering: the query of a question, five tools over the documents, two answerers (composers,
agent), one verifier.
"""
