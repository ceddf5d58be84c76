"""Curated answers: written by staff, checked against every edition, told where a question means them."""
