"""The one error of this package: its text is a sentence for the person at the terminal."""


class CannotStart(Exception):
    """Something outside of this program must change before it can start; the message says what."""
