"""Pictures of PDF pages with the cited place marked."""
