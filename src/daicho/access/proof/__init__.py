"""利用記録の証明: what makes an alteration of the trail visible to somebody who trusts nobody here.

Committed rows get a place in one sequence, each the next leaf of a Merkle tree (RFC 9162, 2.1). The
root of the tree at a size, its head, is signed and leaves the house; whoever keeps heads can say of
any later trail whether it still holds what it held.
"""
