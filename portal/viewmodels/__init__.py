"""What pages, files and the API are drawn from: frozen data with the decisions already taken."""
