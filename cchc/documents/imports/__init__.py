"""Units and people from a table: read, shown row by row as they would be entered, then all or nothing."""
