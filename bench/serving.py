print("environment is ready")
