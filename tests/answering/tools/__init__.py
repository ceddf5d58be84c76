"""The five tools, each alone, over the sample edition and over small made ones."""
