"""Composers: one for each intent, each making a draft from a context."""
