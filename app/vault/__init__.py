"""What is kept of persons, by their choice and under lock: records, the file that they lie in, its seal."""
