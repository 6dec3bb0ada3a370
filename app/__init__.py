"""What ties the rooms together, and the window."""
