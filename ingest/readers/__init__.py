"""The readers of a document: a simple one by layout and labels, and a language model. Both make claims."""
