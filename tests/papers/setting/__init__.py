"""Sets a book as a file: one module for each format, each telling on which pages every record stands."""
