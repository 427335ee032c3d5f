package program

import "sapa/program/record"

// SameName reports whether two spellings may be one person's name, as a bank
// would judge.
func SameName(a, b string) bool { return record.SameName(a, b) }
