"""Records, editions and indexes: what the documents hold and how it is found."""
