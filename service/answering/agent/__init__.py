"""The answerer with a language model: an agent over the five tools, what it is shown, and its limits."""
