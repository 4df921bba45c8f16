"""The advisers' console: review, answer, improve, measure."""
