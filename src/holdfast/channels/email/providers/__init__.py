"""The ways out: servers that speak SMTP, providers with an API of their own, the local inbox."""
