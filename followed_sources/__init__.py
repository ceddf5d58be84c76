"""Followed sources: files of the council information system and the website, fetched and never
published.
"""
