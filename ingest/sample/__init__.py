"""The sample corpus: documents of an invented county, with their known truth."""
