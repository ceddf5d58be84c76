"""One migration for each schema version, named by it."""
