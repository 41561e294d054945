"""An example of each setting whose default says too little of how one is written."""

EXAMPLES = {
    "api_public_limit": "120",
    "api_token_limit": "1200",
    "background": "0",
    "base_url": "https://portal.partnership.example",
    "contact": "team@partnership.example",
    "database_url": "postgresql+psycopg://portal@db/portal",
    "demo_password": "seven green bicycles",
    "https": "1",
    "log": "plain",
    "mail_folder": "var/mail",
    "mail_from": "portal@partnership.example",
    "metrics_host": "10.0.0.5",
    "metrics_port": "9150",
    "reward_pot": "2500000",
    "reward_threshold": "50",
    "secret_key": "what secrets.token_urlsafe(48) gives",
    "smtp_url": "smtp://portal:PASSWORD@mail.partnership.example:587",
    "today": "2009-01-20",
    "trusted_proxies": "1",
}
