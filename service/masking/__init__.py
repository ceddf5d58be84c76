"""Masks personal data before a text is stored or sent: details by their notation, names by their
context.
"""
