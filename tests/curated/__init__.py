"""Curated answers: kept, checked, told, and shown to staff."""
