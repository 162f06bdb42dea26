"""記録の廃棄: what is kept of the work is proposed by the month, approved, and deleted.

`proposing` makes a list, `deciding` is another person's, `carrying_out` deletes by an approved list
alone and has the files of the tables written anew, `proofs` says what was done. `steps` is the way
of every list, that of the vault too. Which kinds there are is named by who keeps them (`sources`).
"""
