"""What must hold when processes are killed, compete or work under load."""
