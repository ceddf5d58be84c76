"""From a question's words to a query: nouns, filters, intent, topic."""
