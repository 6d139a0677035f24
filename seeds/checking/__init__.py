"""The rules between records, one file for those of a kind; `seeds.check` lists them."""
