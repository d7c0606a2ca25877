"""Entry point of `python -m etl`."""

from etl.commands.command_line import main

if __name__ == "__main__":
    main()
