"""The portal: where a Local Strategic Partnership runs its Local Area Agreement."""
