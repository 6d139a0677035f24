"""From the bytes of one file to values with their lines, and what is wrong with them in plain English."""
