"""An answer to an offer, however it came: by link, on a page, on the telephone."""
