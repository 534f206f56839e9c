"""The rim of wangge: requests into calls, errors into statuses; the command line and what is sent out."""

VERSION = "0.1.0"
