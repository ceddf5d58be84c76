"""What an ingestion read, as one page on which a person decides whether it is right."""
