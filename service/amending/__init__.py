"""Corrections as pages make them: hints of people, what a correction would do, publishing beside requests."""
