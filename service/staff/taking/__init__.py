"""What staff take away from a topic, a list or a basket: a paragraph with citations, Word, Excel and CSV files."""
