"""What was read of a paper, laid out so that a person can decide whether it is right."""
