"""Models without HTTP: the card of the model of a taxonomy."""

from api.services import Services
from store.errors import NotFound
from taxonomy.learning import heads
from taxonomy.learning.card import Card
from taxonomy.learning.card import card as card_of


def card(services: Services, taxonomy: str) -> Card:
    """Raises NotFound `model_missing`, BadCall `model_unreadable` or `model_outdated`."""
    if heads.version_of(services.settings, taxonomy) is None:
        raise NotFound("model_missing", taxonomy=taxonomy)
    return card_of(heads.head(services.settings, taxonomy))
