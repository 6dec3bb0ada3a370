"""The shop's door without its window: visits and their keeper, the operator, consent, hours, the day's numbers."""
