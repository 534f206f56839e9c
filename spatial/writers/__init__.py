"""Writers: files that others open, written whole or not at all."""
