"""What names a person: found by its notation or form, and replaced where a text is kept or sent."""
