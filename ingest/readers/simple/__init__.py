"""The reader without a model: by layout, recurring labels, numbers in sequence and tables; nothing is learned."""
