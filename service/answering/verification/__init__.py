"""The verifier: quotes, citations, and one table of checks."""
