"""The queue as plain counts in memory, and the real one, behind one protocol."""
