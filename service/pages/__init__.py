"""Pages for people: question and answer, documents and their items, the API's description. They work without script."""
