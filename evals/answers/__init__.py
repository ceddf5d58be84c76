"""How good answers are over sets of cases, each asked over the papers that it names."""
