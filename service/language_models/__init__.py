"""Access to a language model: built in one place, asked under limits, and trusted nowhere.

Whatever fails here is told as `ModelUnavailable` within the time that was given; who asked goes on without a model.
"""
