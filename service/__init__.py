"""Answers out: settings, HTTP, answer pipeline, citations, command line."""
