"""What poses are made of: the skeleton, its limits, how limbs reach and settle, and files of poses from elsewhere."""
