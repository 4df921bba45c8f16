"""The public process: sessions, turns, the web API, the pages. The only part that people reach."""
