"""Ten kinds of models, who computes them, and what that costs."""
