"""What staff take away from a topic or a list: a paragraph with citations, Word, Excel and CSV files."""
