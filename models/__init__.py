"""Tables of the portal, and under rules/ what is decided about them. No web, no clock."""
