"""For machines without the supervisor: `gunicorn -c gunicorn.conf.py wsgi:app`. The same options as in the tree."""

from config import load
from haark.tree.web import OPTIONS

_settings = load()

bind = f"{_settings['HAARK_HOST']}:{_settings['HAARK_PORT']}"
globals().update({name: value for name, value in OPTIONS.items() if value is not None})
