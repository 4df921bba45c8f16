"""Signed tokens: the conversation's id never leaves the gateway bare, and a forged one opens nothing."""

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

_FORM_LIFETIME = 12 * 3600
_CALL_BACK_DAYS = 7


class Tokens:
    """Signs with the key of the settings, one salt per use."""

    def __init__(self, secret: str) -> None:
        self._conversation = URLSafeSerializer(secret, salt="relais-conversation")
        self._form = URLSafeTimedSerializer(secret, salt="relais-form")
        self._plan = URLSafeTimedSerializer(secret, salt="relais-plan")
        self._call_back = URLSafeTimedSerializer(secret, salt="relais-call-back")

    def issue(self, conversation_id: str) -> str:
        """Token of a conversation."""
        token = self._conversation.dumps(conversation_id)
        return token if isinstance(token, str) else token.decode()

    def conversation(self, token: str) -> str | None:
        """The conversation's id, or None for a token that we have not signed."""
        return _text(self._conversation, token)

    def plan(self, conversation_id: str) -> str:
        """Key of a link that shows this conversation's plan, to read only."""
        key = self._plan.dumps(conversation_id)
        return key if isinstance(key, str) else key.decode()

    def plan_conversation(self, key: str, days: int) -> str | None:
        """The conversation whose plan this key shows, or None: forged, or made more than `days` days ago."""
        return _recent(self._plan, key, days)

    def call_back(self, conversation_id: str) -> str:
        """Key of a link to the form to be called back: it shows nothing of the conversation."""
        key = self._call_back.dumps(conversation_id)
        return key if isinstance(key, str) else key.decode()

    def call_back_conversation(self, key: str) -> str | None:
        """The conversation of such a key, or None: forged, or more than a week old."""
        return _recent(self._call_back, key, _CALL_BACK_DAYS)

    def form(self, conversation_id: str) -> str:
        """Token of a form shown to this conversation (empty id: nobody yet)."""
        token = self._form.dumps(conversation_id)
        return token if isinstance(token, str) else token.decode()

    def form_is_ours(self, token: str, conversation_id: str) -> bool:
        """Whether we made this form, for this conversation, less than twelve hours ago."""
        try:
            return bool(self._form.loads(token, max_age=_FORM_LIFETIME) == conversation_id)
        except (BadSignature, ValueError, UnicodeError):
            return False


def _recent(serializer: URLSafeTimedSerializer, key: str, days: int) -> str | None:
    if len(key) > 256:
        return None
    try:
        value = serializer.loads(key, max_age=days * 86_400)
    except (BadSignature, ValueError, UnicodeError):
        return None
    return value if isinstance(value, str) else None


def _text(serializer: URLSafeSerializer, token: str) -> str | None:
    """What a token says, or None. Only the one spelling that we sign is ours: base64 leaves two unused bits in the
    last character of a signature, so that four spellings of it verify.
    """
    if len(token) > 256:
        return None
    try:
        value = serializer.loads(token)
    except (BadSignature, ValueError, UnicodeError):
        return None
    if not isinstance(value, str) or serializer.dumps(value) != token:
        return None
    return value
