"""The two readers of documents: a simple one by layout and labels, and a language model. Both
return claims.
"""
