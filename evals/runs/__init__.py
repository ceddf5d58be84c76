"""Runs: who is asked, what a run holds, what it comes to, and what is held against it."""
