"""Speed and memory of the whole assistant, measured beside a stock Rasa set-up of the same bot, in the same run."""
