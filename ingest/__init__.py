"""Documents in: register, reading, cleaning, structure, records, chunks, editions."""
