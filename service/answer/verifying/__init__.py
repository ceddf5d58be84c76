"""Verification and citation: nothing leaves that is not proven by what it cites."""
