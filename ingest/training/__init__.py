"""What reading learns from papers whose records are known."""
