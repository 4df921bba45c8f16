"""Pages for people: the chat page, the same path without JavaScript, the plan."""
