"""The `<relais-chat>` web component: one script, served at /relais.js."""
