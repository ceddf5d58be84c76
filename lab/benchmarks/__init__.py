"""Measurements: run by hand, never by the tests, which only look at what is computed and
written.
"""
