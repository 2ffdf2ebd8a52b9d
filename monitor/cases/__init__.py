"""Cases, from the first step of the playbook to the close (policy 9.2 to 9.8)."""
