"""The answerer with a language model: an agent over the five tools, its material (tool replies),
and its limits.
"""
