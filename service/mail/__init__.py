"""Mails that go out at once and are stored nowhere: the contact form's, and the texts of feedback."""
