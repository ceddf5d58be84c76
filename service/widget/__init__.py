"""The citizens' widget: ES modules as browsers load them, held in memory and named by their common content."""
