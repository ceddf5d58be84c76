"""The answerer with a language model: an agent that calls the five tools."""
