"""The tools that are the only way to the documents, a file each."""
