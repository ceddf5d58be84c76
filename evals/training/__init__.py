"""Training: how questions are read, from labelled questions and cases, and which sentences are told, from cases."""
