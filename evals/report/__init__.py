"""Reports of runs: a page for one run, a page that compares two."""
