"""The kiosk: a full-screen window for a customer who has a minute, and her visit from the first touch to the wipe."""
