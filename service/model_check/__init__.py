"""Trying a language model before it is used: what an endpoint can do, and what to set where it cannot."""
