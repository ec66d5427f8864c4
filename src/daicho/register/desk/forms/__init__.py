"""Forms: what is typed into a case, field by field, read into the notification of one legal change."""
