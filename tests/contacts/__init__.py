"""Tests of the directory of contacts."""
