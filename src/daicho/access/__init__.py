"""利用: operators, sign-in, purposes, permits, the clock, and the trail of looks."""
