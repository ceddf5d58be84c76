"""What people amend of what was read: corrections of records."""
