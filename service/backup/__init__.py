"""One archive of all that an installation holds, made while it runs, and put back elsewhere."""
