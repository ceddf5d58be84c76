"""Readers of lists, one for each kind of source."""
