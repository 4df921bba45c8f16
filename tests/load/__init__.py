"""Load: many people at once on several processes, some of which are killed; then what each was told is checked."""
