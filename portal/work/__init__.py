"""Work in the background: what takes jobs from the queue, and what makes of each what was asked for."""
