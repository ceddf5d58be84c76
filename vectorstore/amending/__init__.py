"""What people amend of what was read: corrections of records, and names and contacts of the administration's units."""
