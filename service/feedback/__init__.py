"""What people thought of answers: kept beside the editions, without question, address or time of day."""
