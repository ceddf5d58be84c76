"""Proof of the service: HTTP, pages, limits, command line."""
