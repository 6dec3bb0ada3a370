"""How a scan becomes evidence, one step a file: reading, cleaning, turning, fitting, detail."""
