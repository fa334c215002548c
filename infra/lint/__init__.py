"""What is checked of the stack before it is deployed."""
