"""Tests of wangge, in the shape of the packages they test."""
