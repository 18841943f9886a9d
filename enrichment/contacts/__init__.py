"""What the extractors of contact details share: hosts, messaging services, digits in addresses and at a field's end."""
