"""Answering, tried part by part."""
