"""The reader of documents, by layout and labels: it returns claims."""
