"""One composer for each intent: it makes a draft from a query and the search hits."""
