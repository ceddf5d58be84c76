"""Proof of the vector store: exact examples, properties against plain-Python oracles, and
crashes.
"""
