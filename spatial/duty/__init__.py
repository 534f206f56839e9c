"""Staff, hazards and cases: the nouns of duty and their state tables."""
