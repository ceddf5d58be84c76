"""The answer pipeline: from a question to a verified answer or an honest non-answer."""
