"""Learning from questions: kept masked where staff wants it, grouped by meaning, decided on, tried, then made live."""
