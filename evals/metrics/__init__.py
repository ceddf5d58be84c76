"""Metrics: exact, deterministic functions over plain values; nothing here knows cases, services or files."""
