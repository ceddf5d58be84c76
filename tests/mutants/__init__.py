"""Fixed faults put into a copy of the code one by one, to see how many of them the tests notice."""
