"""Antrean: the online passport queue of Indonesia's immigration offices."""
