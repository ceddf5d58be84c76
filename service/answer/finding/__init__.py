"""Finding: the items that fit a query, and the records that are on a topic."""
