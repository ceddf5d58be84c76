"""Prompt and answer texts, one file each, loaded by name."""
