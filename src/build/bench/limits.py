"""What each row of the page is limited by, as profiles show it."""

LIMITS = {}
