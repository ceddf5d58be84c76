"""What a language model adds: the same cases without one, with its questions, with its answers, with both."""
