"""The command line: thin shells around the library. `main` is the entry point."""


def main() -> None:
    """Run the command line."""
    from reportlib.cli.app import main as run  # here: worker processes load this package too, and run no command

    run()
