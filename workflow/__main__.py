"""`python -m workflow` is `chengnuo`."""

from workflow.cli import main

if __name__ == "__main__":
    main()
