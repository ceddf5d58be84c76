"""What staff take away of a topic, a list or a comparison: a paragraph with citations, Word, Excel and CSV files."""
