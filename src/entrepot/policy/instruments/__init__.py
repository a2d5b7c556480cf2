"""What a scenario may say: one class for each kind of policy instrument."""
