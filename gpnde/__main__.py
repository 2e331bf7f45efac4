"""Let ``python -m gpnde`` do what the ``gpnde`` command does."""

from gpnde.cli import main

if __name__ == "__main__":
    main()
