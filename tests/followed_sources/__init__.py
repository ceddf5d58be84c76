"""Followed sources: hostile ones, lists in the wild, what is fetched, and the way of a clerk."""
