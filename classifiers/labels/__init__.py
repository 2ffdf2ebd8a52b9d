"""What is said: six labels, each a calibrated probability with its reasons."""
