"""What a team that works with MLflow does, step by step."""
