"""What those who run the server see of it: is it well, how much it does, and what became of each request."""
