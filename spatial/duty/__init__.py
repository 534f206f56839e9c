"""Staff, hazards and cases: the nouns of duty. Empty until their issues come."""
