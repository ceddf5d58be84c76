"""Answering: what a question asks, five tools over the papers, two answerers, one verifier."""
