"""個人番号の廃棄: numbers whose need and period have ended are proposed, approved and destroyed.

`proposing` makes a list, `deciding` is another person's, `carrying_out` destroys by an approved
list alone, `proofs` says what was done and what still stands in backups. Which records' numbers are
due, the vault does not know: `sources` names who does.
"""
