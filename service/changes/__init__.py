"""What changed between two papers of one series: records matched one to one, each with what became of it."""
