"""The proof of everything; one folder for each room, and one for each way of running the whole."""
