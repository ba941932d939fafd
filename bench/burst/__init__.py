"""Ten thousand messages through carriers that fail, handed over by workers that are killed."""
