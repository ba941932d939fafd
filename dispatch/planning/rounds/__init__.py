"""Who is asked next: rounds of offers, carried on by whoever can rank."""
