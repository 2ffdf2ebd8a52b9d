"""Whether the service itself works: its sources, its queues, its way to tell people."""
