"""What gunicorn serves: `gunicorn wsgi:app`."""

from haark import create_app

app = create_app()
