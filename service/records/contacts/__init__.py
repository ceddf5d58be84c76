"""The directory of contacts: whom citizens reach in each organisational unit, and when."""
