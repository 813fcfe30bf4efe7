"""What tests stand on: throw-away servers and small worlds. Refuses anything the product itself needs."""
