"""The report of a run: HTML for people, Markdown for pull requests, JSON for programs; all from the same figures."""
