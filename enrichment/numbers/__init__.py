"""Telephone numbers in running text, however disguised: zones, their runs of digits, rated windows, the best row."""
