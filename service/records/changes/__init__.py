"""Changes between documents of a series and between editions: found, filtered, in words, as a
feed.
"""
