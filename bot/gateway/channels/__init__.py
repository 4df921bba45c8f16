"""Messaging channels: Telegram, WhatsApp, Messenger, SMS. Off unless their settings are there.

A webhook verifies, parses, stores (encrypted) and answers 200; the postman then takes each person's messages
in order to the dialogue, stores the rendered answer in the same transaction that marks the message done, and
sends it. What a crash leaves unfinished is taken up at the next start.
"""
