"""One claim opened, lists of claims, and what people say about them."""
