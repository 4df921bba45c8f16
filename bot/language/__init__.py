"""Reading what people write: facts, alarms, masking. Runs in both environments (Python 3.10 and later)."""
