"""Having a language model write questions for items: in batches, kept as they come, put beside those of people."""
