"""Data before training: collect, clean, find copies, annotate, fuse text and clips, split, describe (lesson 05).

Importing this package imports numpy and the standard library only; `fusion` needs torch.
"""
