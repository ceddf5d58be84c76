"""Servers of an invented council and its website, written from the specifications by somebody who
did not see the client. EXPECTED.md says what a good client does with them.
"""
