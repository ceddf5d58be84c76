"""Metrics: deterministic measures of an answer to a case, from its JSON."""
