"""Labelled questions from which the understanding of questions is trained."""
