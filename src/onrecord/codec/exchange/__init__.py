"""Records to the formats of others."""
