"""Our server, as `stancebase serve` runs it, with the settings of the environment."""

from api.app import create_app
from api.settings import read_settings

app = create_app(read_settings())
