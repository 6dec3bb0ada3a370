"""What wearers told: feedback, a shop's rentals, and what is learned of styles from them."""
