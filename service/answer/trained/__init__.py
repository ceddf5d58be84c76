"""What was learned: small files written by `strategielotse eval train`, each with its figures beside it."""
