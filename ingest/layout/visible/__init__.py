"""Which text of a page is to be seen, as drawn."""
