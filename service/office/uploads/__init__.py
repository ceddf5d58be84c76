"""Documents that staff upload: received into a private folder, read by a job, and stored as a draft
edition.
"""
