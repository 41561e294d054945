"""Style sheets and scripts that the pages load. Public: nothing private belongs here."""
