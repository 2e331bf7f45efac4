"""Run the ``gpnde`` command as ``python -m gpnde``."""

from gpnde.cli import main

if __name__ == "__main__":
    main()
