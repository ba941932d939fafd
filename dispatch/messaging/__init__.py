"""One message, one recipient, one recorded outcome."""
