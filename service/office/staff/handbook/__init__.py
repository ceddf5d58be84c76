"""The handbook for staff: one Markdown file with its pictures, and the page that shows it."""
