"""The report of a run: one HTML file that opens offline, the same in Markdown; pictures are small SVG templates."""
