"""Readers: files of other people in, checked nouns out; every row that was touched is reported."""
