"""Verifies a message by the library of Standard Webhooks: verify_webhook.py SECRET, with headers and body as JSON on standard input."""
import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

got = json.load(sys.stdin)
try:
    print(json.dumps(Webhook(sys.argv[1]).verify(got["body"], got["headers"])))
except WebhookVerificationError as error:
    print(error)
    sys.exit(3)
