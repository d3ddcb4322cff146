"""Joins the rooms. `pure` needs no database; `check`, `deliver` and `reread` own the transaction boundaries.

`understand` reads, and with `pure` and `reread` it is all that loads extraction, facts, comparison and judgement.
"""
