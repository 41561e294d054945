"""What stands between the browser and the pages: guards, callback registry, page map, error table."""
