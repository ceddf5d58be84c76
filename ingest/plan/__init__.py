"""The reading plan: how one document is laid out, by whom that was said, and on what evidence."""
