"""Reviewing conversations: an index of them that answers fast, what advisers add to it, the inbox and its pages."""
