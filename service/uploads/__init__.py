"""Documents that staff hand in: taken off the wire, kept in private, read as a job, and left as a draft."""
