"""What is derived from the vendor's pages: data files only, read through `importlib.resources`."""
