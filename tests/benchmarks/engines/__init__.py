"""Ways of finding passages that stand beside ours, each in a process of its own and asked alike.

Each gets the same passages, the vectors that our embedding gives them, and its own BM25; both lists are joined by
reciprocal rank, as its documentation shows it. Where it has a setting for German, that is set.
"""
