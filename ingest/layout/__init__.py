"""From a file to clean lines with place, size and weight."""
