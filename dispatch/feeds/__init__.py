"""Calendars to subscribe to: what somebody does or has asked for, at an address of their own."""
