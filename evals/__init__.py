"""Answer-quality tests: cases, metrics, runs."""
