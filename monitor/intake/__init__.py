"""What people bring: files, mails, reports, screenshots, links."""
