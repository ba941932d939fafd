"""The pool: languages, qualifications, hours, home, way of travelling."""
