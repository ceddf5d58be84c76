"""Records and documents as people get them: models, names of values, filters, counts, changes,
contacts.
"""
