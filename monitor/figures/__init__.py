"""Counts of days, decisions and work: what boards, reviewers and the DPO are shown."""
