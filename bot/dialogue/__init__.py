"""What Relais adds to Rasa. Runs only inside Rasa's own process (Python 3.10, `.venv-rasa`)."""
