"""The five tools that are the only way to the papers: search, records, read, documents, changes."""
