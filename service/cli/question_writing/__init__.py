"""Has a language model write questions for items, which search uses: batches, cache, writer."""
