"""What the public side and the console both need of the web: addresses, failures, answers, texts in pages."""
