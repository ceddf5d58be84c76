"""The public service: HTTP, routes, pages, widget, pictures."""
