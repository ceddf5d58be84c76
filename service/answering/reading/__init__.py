"""How a question becomes a query: the trained reader, the matcher of the edition's values,
follow-ups.
"""
