"""Relais: orientation of people whose health threatens their job, and of their employers."""
