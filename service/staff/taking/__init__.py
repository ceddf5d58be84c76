"""What staff take away of a topic or a list: a paragraph with citations, Word, Excel and CSV files."""
