"""What the widget says, one module for each language."""
