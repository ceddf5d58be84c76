"""One composer for each want: a query and what was found become a draft."""
