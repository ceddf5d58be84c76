"""What became of every file, for terminal, programs and people."""
