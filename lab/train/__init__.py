"""Training of the small models from cases and labelled questions."""
