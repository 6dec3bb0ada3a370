"""People before a camera or in a video: followed frame by frame, and measured from all round."""
