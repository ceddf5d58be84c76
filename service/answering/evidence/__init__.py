"""Evidence: whether what was found answers, and which of its sentences are told."""
