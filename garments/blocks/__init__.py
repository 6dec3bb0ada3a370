"""What designs are drafted from: the bodice, sleeves, collars, legs and skirts, and how edges are shaped."""
