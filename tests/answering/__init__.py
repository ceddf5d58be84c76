"""Answering over a real edition of the sample corpus."""
