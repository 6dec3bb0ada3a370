"""Many people in many looks from one job file, unattended."""
